"""Prints the share of successful write events, of real records, that name a resource or are known to have none."""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lambdas"))

from benchmarks.corpus import REAL_RECORDS, read_records
from trailbell.normalise.resources import read_resources
from trailbell.normalise.resources.none import WITHOUT_RESOURCE
from trailbell.normalise.values import boolean
from trailbell.normalise.versions import without_version

READING_VERBS = ("Describe", "Get", "List", "Lookup", "Head", "Search", "BatchGet")
TARGET_PERCENT = 97.0


def is_successful_write(record: Mapping[str, Any]) -> bool:
    """Whether the call changed something. Old records have no `readOnly`: their names tell."""
    if record.get("errorCode") or record.get("errorMessage"):
        return False
    read_only = boolean(record.get("readOnly"))
    return not str(record.get("eventName")).startswith(READING_VERBS) if read_only is None else not read_only


def key_of(record: Mapping[str, Any]) -> str:
    """Return the name of the call, as the list of calls without a resource has it."""
    return f"{str(record.get('eventSource')).partition('.')[0]}.{without_version(str(record.get('eventName')))}"


def main() -> int:
    """Print the figure and what misses; 1 where it is below the target."""
    if not REAL_RECORDS.exists():
        print("resources: ../shared/records is not there, nothing to measure")
        return 0
    lines, what = read_records()
    named, listed, missed = 0, 0, Counter[str]()
    for record in filter(is_successful_write, map(json.loads, lines)):
        if read_resources(record):
            named += 1
        elif key_of(record) in WITHOUT_RESOURCE:
            listed += 1
        else:
            missed[key_of(record)] += 1
    total = named + listed + missed.total()
    percent = 100 * (named + listed) / total
    print(f"resources: {percent:.1f} % of {total} successful write events in {what} (target {TARGET_PERCENT:.0f} %)")
    print(f"  {named} name a resource, {listed} are known to have none, {missed.total()} miss")
    for name, count in missed.most_common():
        print(f"  missed {count} x {name}")
    return 0 if percent >= TARGET_PERCENT else 1


if __name__ == "__main__":
    sys.exit(main())
