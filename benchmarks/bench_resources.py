"""How many successful write events, of real records, name a resource or are known to have none."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from benchmarks.support.corpus import REAL_RECORDS, read_records
from trailbell.aws.registry import service_of
from trailbell.call.values import boolean
from trailbell.operations import without_version
from trailbell.read.resources import read_resources

READING_VERBS = ("Describe", "Get", "List", "Lookup", "Head", "Search", "BatchGet")
TARGET_PERCENT = 97.0


def is_successful_write(record: Mapping[str, Any]) -> bool:
    """Whether the call changed something. Old records have no `readOnly`: their names tell."""
    if record.get("errorCode") or record.get("errorMessage"):
        return False
    read_only = boolean(record.get("readOnly"))
    return not str(record.get("eventName")).startswith(READING_VERBS) if read_only is None else not read_only


def name_of(record: Mapping[str, Any]) -> str:
    """Return the name of the call, `iam.CreateUser`."""
    return f"{str(record.get('eventSource')).partition('.')[0]}.{without_version(str(record.get('eventName')))}"


def has_none(record: Mapping[str, Any]) -> bool:
    """Whether the call is known to name no resource."""
    event_name = without_version(str(record.get("eventName")))
    return event_name in service_of(str(record.get("eventSource"))).without_resource


def run() -> str:
    """Return the section of the report."""
    title = "## Resources\n\n"
    if not REAL_RECORDS.exists():
        return f"{title}Not measured: ../shared/records is not there."
    lines, what = read_records()
    named, listed, missed = 0, 0, Counter[str]()
    for record in filter(is_successful_write, map(json.loads, lines)):
        if read_resources(record):
            named += 1
        elif has_none(record):
            listed += 1
        else:
            missed[name_of(record)] += 1
    total = named + listed + missed.total()
    percent = 100 * (named + listed) / total
    misses = ", ".join(f"{name} ({count})" for name, count in missed.most_common()) or "none"
    return (
        f"{title}Of {total} write events that succeeded, in {what}, {percent:.1f} % name a resource ({named}) or are "
        f"listed as having none ({listed}); wanted: {TARGET_PERCENT:.0f} %. Missed: {misses}."
    )
