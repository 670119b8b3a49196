"""How tight the filters are: what wakes the detector, beside what it has to tell."""

import json
import time
from collections.abc import Mapping
from typing import Any

from benchmarks.support.corpus import make_rules, read_records
from benchmarks.support.measure import table
from trailbell.contract.names import API_CALL
from trailbell.filters import compile_filters
from trailbell.operations import may_be_withheld
from trailbell.pattern import Pattern
from trailbell.ruleset import RuleSet

CASES = ((10, 5), (100, 5), (400, 5), (400, 1), (1000, 5))
"""Rules and slots."""


def run() -> str:
    """Return the section of the report."""
    texts, what = read_records()
    records = [json.loads(text) for text in texts]
    rows = [_measure(rules, slots, records) for rules, slots in CASES]
    head = ["rules, slots", "filters", "longest", "match", "let through", "woken twice", "missed", "ms to compile"]
    introduction = (
        f"The same rules as filters, over {what}, as shares of all records. Read-only records pass only filters in the "
        "state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS. Missed must be 0."
    )
    return "\n\n".join(["## Filters", introduction, table(head, rows)])


def _measure(count: int, slots: int, records: list[dict[str, Any]]) -> list[str]:
    rules = make_rules(count)
    begin = time.perf_counter()
    filters = compile_filters(rules, slots=slots)
    spent = (time.perf_counter() - begin) * 1000
    patterns = [(Pattern.parse(filter_.pattern), filter_.read_only) for filter_ in filters]
    longest = max(len(json.dumps(filter_.pattern, separators=(",", ":"))) for filter_ in filters)
    ruleset = RuleSet.compile(rules)
    matched = through = twice = missed = 0
    for record in records:
        envelope = {"source": "aws.x", "detail-type": API_CALL, "detail": record}
        reads = _is_withheld(record)
        passes = sum(pattern.matches(envelope) for pattern, read_only in patterns if read_only or not reads)
        matches = bool(ruleset.match(record))
        matched, through, twice = matched + matches, through + (passes > 0), twice + (passes > 1)
        missed += matches and not passes
    shares = [f"{100 * part / len(records):.1f} %" for part in (matched, through, twice)]
    reading = sum(filter_.read_only for filter_ in filters)
    kinds = f"{len(filters)}, {reading} of them for reads"
    return [f"{count}, {slots}", kinds, str(longest), *shares, str(missed), f"{spent:.0f}"]


def _is_withheld(record: Mapping[str, Any]) -> bool:
    return may_be_withheld(str(record.get("eventName") or "")) or record.get("readOnly") in (True, "true")
