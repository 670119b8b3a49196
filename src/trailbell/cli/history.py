"""`trailbell history`: CloudTrail's event history as the console shows it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption
from trailbell.cli.shared.inert import inert_json
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, count, message_console, result_console, say
from trailbell.cli.shared.times import read_span
from trailbell.cli.sources import options
from trailbell.cli.sources.filters import EventFilter, user_name
from trailbell.cli.sources.past import Within, newest
from trailbell.formats.document import event_document
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.record import Record
from trailbell.redact import redact
from trailbell.sources.lookup_events import HISTORY_DAYS, Lookup, lookup_records
from trailbell.sources.reading import SourceError, Wanted, find_source, open_source
from trailbell.sources.regions import choose_regions, split_regions
from trailbell.words.clean import quote

EXAMPLES = """
Examples:

  trailbell history                                  the last day, newest first

  trailbell history --write --since 2h               what was changed in the last two hours

  trailbell history --event-name ConsoleLogin --since 7d --regions all

  trailbell history --access-key AKIAIOSFODNN7EXAMPLE --since 90d --limit 0 --format json > key.jsonl

  trailbell history --from s3://audit-trail --since 2026-05-01 --until 2026-05-02 --user-name alice

CloudTrail keeps this history for 90 days, and management events only; a trail's bucket has what came before.
"""

_DEFAULT_SINCE = "24h"
_SHOWN_RESOURCES = 3
_MAX_CELL = 80


def history(  # noqa: PLR0913 - one option for each of the console's filters
    *,
    event_name: Annotated[str | None, typer.Option(help="Such as RunInstances.", show_default=False)] = None,
    user: Annotated[
        str | None,
        typer.Option("--user-name", help="A user, a role session's name, or `root`.", show_default=False),
    ] = None,
    event_source: Annotated[str | None, typer.Option(help="Such as ec2.amazonaws.com.", show_default=False)] = None,
    resource_name: Annotated[str | None, typer.Option(help="A resource's id, name or ARN.", show_default=False)] = None,
    resource_type: Annotated[str | None, typer.Option(help="Such as AWS::EC2::Instance.", show_default=False)] = None,
    access_key: Annotated[str | None, typer.Option(help="The key that signed the call.", show_default=False)] = None,
    read_only: Annotated[
        bool | None,
        typer.Option("--read-only/--write", help="Only what reads, or only what changes.", show_default=False),
    ] = None,
    event_id: Annotated[str | None, typer.Option(help="One event.", show_default=False)] = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="From when on: 24h, 7d, 2026-11-01, 2026-11-01T08:00Z. Left out: 24h, but everything of files.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[str | None, typer.Option(help="Until when, written alike; now if left out.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="The most events to show; 0 for all.")] = 50,
    source: options.FromOption = None,
    regions: options.AskedRegionsOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show CloudTrail's event history as the console does, newest first."""
    wanted = EventFilter(
        event_id=event_id,
        access_key=access_key,
        resource_name=resource_name,
        user_name=user,
        event_name=event_name,
        resource_type=resource_type,
        event_source=event_source,
        read_only=read_only,
    )
    span = _span(since, until, source)
    aws = Aws(profile=profile, region=region)
    with _progress(output) as on_page:
        if source is None:
            raw = _look_up(aws, regions, wanted, span, on_page)
            events = choose(raw, wanted.without_attribute())
        else:
            raw = _read(source, aws, regions, wanted, span, limit)
            events = choose(raw, EventFilter())
        chosen = islice(events, limit or None)
        table = list(chosen) if output is Format.TEXT else None
        shown = _write_lines(chosen) if table is None else len(table)
    if table:
        result_console().print(events_table(table))
    _sum_up(shown, limit, source)


Span = tuple[datetime | None, datetime | None]


def _span(since: str | None, until: str | None, source: str | None) -> Span:
    """Return both ends of the time that is asked for; None where it is open."""
    now = datetime.now(UTC)
    start, end = read_span(since or _DEFAULT_SINCE, until, now)
    if since is None and source is not None and not find_source(source).needs_since:
        return None, end
    if source is None and (now - start).days > HISTORY_DAYS:
        say(f"CloudTrail's history goes back {HISTORY_DAYS} days only; --from s3://... reads a trail's files.")
    return start, end


def _look_up(
    aws: Aws, regions: str | None, wanted: EventFilter, span: Span, on_page: Callable[[int], None]
) -> Iterable[Mapping[str, Any]]:
    start, end = span
    assert start is not None  # noqa: S101 - only files have no beginning
    lookup = Lookup(since=start, until=end, attribute=wanted.attribute())
    asked = choose_regions(aws, regions)
    return lookup_records(lambda name: aws.client("cloudtrail", name), asked, lookup, on_page=on_page)


def _read(
    spec: str, aws: Aws, regions: str | None, wanted: EventFilter, span: Span, limit: int
) -> Iterable[Mapping[str, Any]]:
    start, end = span
    try:
        found = open_source(spec, Wanted(since=start, until=end, regions=regions), aws)
        return newest(found, wanted, Within(since=start, until=end, regions=split_regions(regions)), limit=limit)
    except SourceError as error:
        say(str(error))
        raise typer.Exit(EXIT_PROBLEMS) from error


def choose(raw: Iterable[Mapping[str, Any]], wanted: EventFilter) -> Iterator[Record]:
    """Yield the events that are wanted, without secrets."""
    for each in raw:
        record = read_record(redact(each), Names())
        if wanted.takes(record):
            yield record


def _write_lines(events: Iterable[Record]) -> int:
    """Write each event as soon as it is known: a reader of the pipe need not wait for the last."""
    number = 0
    for number, event in enumerate(events, start=1):  # noqa: B007 - it is returned
        sys.stdout.write(inert_json(event_document(event)) + "\n")
    return number


def events_table(events: Iterable[Record]) -> Table:
    """Return the console's table of events."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Event time (UTC)", "Event name", "User name", "Event source", "Region", "Resources", "Event ID"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"Event time (UTC)", "Event ID"})
    for event in events:
        table.add_row(
            event.event.time.strftime("%Y-%m-%d %H:%M:%S"),
            _cell(event.event.name) + Text(" (failed)" if event.event.failed else "", style="red"),
            _cell(user_name(event)),
            _cell(event.event.source),
            _cell(event.event.region),
            _resources(event),
            _cell(event.event.id),
        )
    return table


def _resources(event: Record) -> Text:
    named = [
        f"{quote(item.type, _MAX_CELL)} {quote(item.id, _MAX_CELL)}".strip()
        for item in event.resources[:_SHOWN_RESOURCES]
    ]
    rest = len(event.resources) - len(named)
    return Text(", ".join(named + ([f"{rest} more"] if rest else [])) or "-")


def _cell(value: str | None) -> Text:
    return Text(quote(value, _MAX_CELL) if value else "-")


@contextmanager
def _progress(output: Format) -> Iterator[Callable[[int], None]]:
    """Tell on a terminal how much was read, unless the events themselves appear there meanwhile."""
    console = message_console()
    if not console.is_terminal or (output is Format.JSON and sys.stdout.isatty()):
        yield lambda _: None
        return
    columns = (TextColumn("{task.completed:,.0f} events read"), TimeElapsedColumn())
    # Not redirected: what is written to stdout meanwhile belongs there, and not on the terminal.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("read")
        yield lambda events: progress.advance(task, events)


def _sum_up(shown: int, limit: int, source: str | None) -> None:
    if limit and shown == limit:
        say(f"The newest {count(shown, 'event')}; there may be more: raise --limit, or name a shorter time.")
    elif shown:
        say(f"{count(shown, 'event')}.")
    elif source is not None:
        say(f"No such event in {source}.")
    else:
        say(
            "No event. CloudTrail takes a few minutes to show a call; it has management events only, "
            f"of {HISTORY_DAYS} days, each in its own region (--regions all)."
        )
