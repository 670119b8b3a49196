"""The options by which people say what a command reads, and which part of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from trailbell.sources.reading import asked_sources

_ASKED_ANYWAY = "event-history"
"""The source of commands that take `--from`, where that is left out."""


def _any_of(spellings: Iterable[str]) -> str:
    *others, last = spellings
    return f"{', '.join(others)}, or {last}"


_ANY = _any_of(source.spelling for source in asked_sources().values())
_ANY_OTHER = _any_of(source.spelling for name, source in asked_sources().items() if name != _ASKED_ANYWAY)

SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help=f"{_ANY[0].upper()}{_ANY[1:]}.")]
FromOption = Annotated[
    str | None,
    typer.Option("--from", help=f"Where to look in place of CloudTrail's history: {_ANY_OTHER}.", show_default=False),
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since", help="From when on: 24h, 7d, 2026-11-01; left out: all (of `history`, 7d).", show_default=False
    ),
]
UntilOption = Annotated[str | None, typer.Option("--until", help="Until when, written alike.", show_default=False)]
AskedRegionsOption = Annotated[
    str | None,
    typer.Option(
        "--regions",
        help="Regions to ask, with commas between, or `all`. Left out: --region and the one of IAM and sign-ins.",
        show_default=False,
    ),
]
"""Of commands that ask CloudTrail's history region by region."""
SourceRegionsOption = Annotated[
    str | None,
    typer.Option(
        "--regions",
        help="Of a trail or of `history`: with commas between, or `all`. Left out: all of a trail.",
        show_default=False,
    ),
]
"""Of commands that read a SOURCE."""
AccountsOption = Annotated[
    str | None,
    typer.Option("--accounts", help="Of a trail: these accounts, with commas between.", show_default=False),
]
CacheOption = Annotated[Path, typer.Option("--cache", help="Where files of a trail's bucket are kept.")]
ProcessesOption = Annotated[
    int | None,
    typer.Option("--processes", min=1, help="How many processes read; left out: as many as help.", show_default=False),
]
