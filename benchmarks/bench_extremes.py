"""What an attacker or a slip might bring: each must take less than 50 ms."""

import json
from typing import Any

from benchmarks.support.measure import best_milliseconds, table
from trailbell.pattern import Pattern

TARGET_MS = 50
STARS = "*ab" * 49 + "*"


def run() -> str:
    """Return the section of the report."""
    ors = _nested_ors(200)
    parsed_ors = Pattern.parse(ors)
    stars = Pattern.parse({"userAgent": [{"wildcard": STARS}]})
    items = Pattern.parse(
        {"requestParameters": {"items": {"cidr": [{"cidr": "10.0.0.0/8"}], "more": {"a": [1], "b": [2]}}}}
    )
    long_text, large = {"userAgent": "ab" * 40 + "a" * 1_000_000}, _large_record()
    cases = {
        "200 nested `$or`, parse": lambda: Pattern.parse(ors),
        "200 nested `$or`, match": lambda: parsed_ors.matches({"eventName": "other"}),
        "wildcard with 50 stars, string of 1 MB": lambda: stars.matches(long_text),
        f"array conditions, record of {len(json.dumps(large)) // 1000} kB": lambda: items.matches(large),
    }
    rows = [[name, f"{best_milliseconds(call):.2f}"] for name, call in cases.items()]
    return "\n\n".join(["## Extremes", f"Wanted: each at most {TARGET_MS} ms.", table(["", "ms"], rows)])


def _nested_ors(levels: int) -> dict[str, Any]:
    pattern: dict[str, Any] = {"eventName": ["innermost"]}
    for level in range(levels):
        pattern = {"$or": [{"eventName": [f"name-{level}"]}, pattern]}
    return pattern


def _large_record() -> dict[str, Any]:
    item = {"port": 22, "cidr": "10.0.0.0/8", "more": [{"a": 1}, {"b": 2}]}
    return {"requestParameters": {"items": [item] * 4000}}
