"""What an attacker or a slip might bring: each must take less than 50 ms."""

import json
from functools import partial
from typing import Any

from benchmarks.support.measure import best_milliseconds, table
from trailbell.pattern import Pattern
from trailbell.redact import redact

TARGET_MS = 50
STARS = "*ab" * 49 + "*"
BEGINNINGS = (
    "-eyJaaaaaaaa", "token", "://a:", "?token=", "Bearer ", "password\"'", " --password ", "ghp_", "<password ",
    "mysql -", "a:b", "1234567890:AA", "AKIA0123456789ABC ", "-----BEGIN PRIVATE KEY-----", "cookie:", "net user ",
    "{[", "A1b2",
)  # fmt: skip
"""What secrets begin with: of nothing but these, a text is read as slowly as any."""
SHORT_CHARACTERS, TIMES_AS_LONG = 30_000, 8
MOST_TIMES_AS_SLOW = 32
"""Quadratic time would be 64 times as slow."""


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
    wanted = f"Wanted: each at most {TARGET_MS} ms."
    return "\n\n".join(["## Extremes", wanted, table(["", "ms"], rows), _redaction()])


def _redaction() -> str:
    """Tell how the time of redaction grows with a text."""
    slower = {beginning: _times_as_slow(beginning) for beginning in BEGINNINGS}
    worst = max(slower, key=slower.__getitem__)
    return (
        f"Redaction of {len(BEGINNINGS)} texts of what secrets begin with, {TIMES_AS_LONG} times as long: the worst "
        f"(`{worst}`) takes {slower[worst]:.1f} times as long (wanted: at most {MOST_TIMES_AS_SLOW})."
    )


def _times_as_slow(beginning: str) -> float:
    long = (beginning * SHORT_CHARACTERS)[: SHORT_CHARACTERS * TIMES_AS_LONG]
    short_ms = best_milliseconds(partial(redact, {"userAgent": long[:SHORT_CHARACTERS]}))
    return best_milliseconds(partial(redact, {"userAgent": long})) / short_ms


def _nested_ors(levels: int) -> dict[str, Any]:
    pattern: dict[str, Any] = {"eventName": ["innermost"]}
    for level in range(levels):
        pattern = {"$or": [{"eventName": [f"name-{level}"]}, pattern]}
    return pattern


def _large_record() -> dict[str, Any]:
    item = {"port": 22, "cidr": "10.0.0.0/8", "more": [{"a": 1}, {"b": 2}]}
    return {"requestParameters": {"items": [item] * 4000}}
