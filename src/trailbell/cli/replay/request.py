"""What `replay` and `tune` are told to read, and how they read it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from trailbell.cli.replay.finding import Span
from trailbell.cli.replay.past import Past, replaying
from trailbell.cli.replay.progress import watching
from trailbell.cli.replay.reading import Found
from trailbell.cli.shared.aws import Aws
from trailbell.cli.shared.output import EXIT_PROBLEMS, say
from trailbell.cli.shared.times import read_moment
from trailbell.config.model import Config
from trailbell.sources.reading import DEFAULT_CACHE, Source, SourceError, Wanted, open_source

WORTH_A_PROCESS_BYTES = 16 * 1024 * 1024
"""Packed: about a second's reading; to start a process takes a tenth or two of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be replayed, as the options say it."""

    source: str
    since: str | None = None
    until: str | None = None
    regions: str | None = None
    accounts: str | None = None
    cache: Path = DEFAULT_CACHE
    processes: int | None = None


@contextmanager
def past_of(request: Request, configs: Sequence[Config], aws: Aws) -> Iterator[tuple[Past, ...]]:
    """Read what was asked for, once for all configs.

    Ends the command where it cannot be read; where parts of it cannot, that is told, and the command fails at its end.
    """
    span = Span(since=_moment("--since", request.since), until=_moment("--until", request.until))
    try:
        source = open_source(request.source, _wanted(request, span), aws)
    except SourceError as error:
        say(str(error))
        raise typer.Exit(EXIT_PROBLEMS) from error
    processes = request.processes if request.processes and source.local else _processes(source)
    with ExitStack() as stack:
        with watching(source) as watcher:
            pasts = stack.enter_context(
                replaying(source, configs, span=span, processes=processes, watcher=watcher),
            )
        yield pasts
    _tell_complaints(pasts[0].found)


def _moment(option: str, text: str | None) -> datetime | None:
    try:
        return read_moment(text, datetime.now(UTC)) if text else None
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(
            f"{text} is no time; write 24h, 7d, 2026-11-01 or 2026-11-01T08:00Z", param_hint=option
        ) from error


def _wanted(request: Request, span: Span) -> Wanted:
    return Wanted(
        since=span.since,
        until=span.until,
        regions=request.regions,
        accounts=frozenset(filter(None, (request.accounts or "").replace(" ", "").split(","))),
        cache=request.cache,
    )


def _processes(source: Source) -> int:
    """Return how many processes help."""
    if not source.local:
        return 1
    return max(1, min(os.cpu_count() or 1, source.count, source.size_bytes // WORTH_A_PROCESS_BYTES))


def _tell_complaints(found: Found) -> None:
    for complaint in found.complaints:
        say(complaint)
    rest = found.unreadable + found.broken - len(found.complaints)
    if rest > 0:
        say(f"... and {rest:,} more that could not be read.")
    if found.broken:
        say("What could not be read is missing above.")
        raise typer.Exit(EXIT_PROBLEMS)
