"""The options by which people say what a command reads, and which part of it."""

from pathlib import Path
from typing import Annotated

import typer

SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A file, a folder, s3://bucket/prefix of a trail, or `history`.")
]
FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Where to look in place of CloudTrail's history: a file, a folder, or a trail's s3://bucket/prefix.",
        show_default=False,
    ),
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
