"""One event: by its id from CloudTrail's history, or from a file."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from trailbell.cli.shared.aws import Aws
from trailbell.cli.shared.output import EXIT_PROBLEMS, say
from trailbell.cli.sources.past import by_id
from trailbell.sources.lookup_events import HISTORY_DAYS, Lookup, lookup_records
from trailbell.sources.reading import SourceError, Wanted, open_source
from trailbell.sources.regions import choose_regions

EventArgument = Annotated[
    str,
    typer.Argument(
        metavar="EVENT_ID|FILE", help="An event's id, or a file that holds its record or EventBridge event."
    ),
]


def find_one(reference: str, *, aws: Aws, regions: str | None, source: str | None = None) -> Mapping[str, Any]:
    """Return an event's raw record: from CloudTrail's history, or a `source`. Ends the command where there is none."""
    if source is not None:
        return _find_in(source, reference, aws, regions)
    path = Path(reference)
    if path.is_file():
        return read_record_file(path)
    if path.suffix in {".json", ".gz", ".jsonl"} or "/" in reference:
        raise typer.BadParameter(f"there is no file {reference}", param_hint="EVENT_ID|FILE")
    asked = choose_regions(aws, regions)
    since = datetime.now(UTC) - timedelta(days=HISTORY_DAYS)
    lookup = Lookup(since=since, attribute=("EventId", reference))
    found = next(lookup_records(lambda region: aws.client("cloudtrail", region), asked, lookup), None)
    if found is None:
        say(
            f"CloudTrail's history has no event {reference} in {', '.join(asked)}. It shows a call after minutes, "
            f"keeps it for {HISTORY_DAYS} days, and has management events only: try --regions all, "
            "or --from s3://... for a trail's files."
        )
        raise typer.Exit(EXIT_PROBLEMS)
    return found


def _find_in(spec: str, event_id: str, aws: Aws, regions: str | None) -> Mapping[str, Any]:
    try:
        found = by_id(open_source(spec, Wanted(regions=regions), aws), event_id)
    except SourceError as error:
        say(str(error))
        raise typer.Exit(EXIT_PROBLEMS) from error
    if found is None:
        say(f"There is no event {event_id} in {spec}.")
        raise typer.Exit(EXIT_PROBLEMS)
    return found


def read_record_file(path: Path) -> Mapping[str, Any]:
    """Return the one record of a file. Ends the command where it holds none, or several."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{path} cannot be read as JSON: {error}", param_hint="EVENT_ID|FILE") from error
    records = [record for record in _records(content) if isinstance(record, Mapping)]
    if len(records) != 1:
        raise typer.BadParameter(
            f"{path} holds {len(records) or 'no'} CloudTrail records; one is needed", param_hint="EVENT_ID|FILE"
        )
    return records[0]


def _records(content: Any) -> Iterable[Any]:
    """Return what a record can be wrapped in: an EventBridge event, a log file, or what LookupEvents answers."""
    if not isinstance(content, Mapping):
        return content if isinstance(content, list) else ()
    if isinstance(content.get("Records"), list):
        return list(content["Records"])
    if isinstance(content.get("detail"), Mapping):
        return (content["detail"],)
    if isinstance(content.get("CloudTrailEvent"), str):
        return (json.loads(content["CloudTrailEvent"]),)
    return (content,) if "eventName" in content or "insightDetails" in content else ()
