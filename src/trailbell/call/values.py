"""Reads values out of a record that may hold anything: what is of another type counts as missing."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

ABSENT = frozenset({"", "null", "None", "-"})
"""What some services write where they have no value."""
MAX_DEPTH = 60
"""Deeper nesting than any API has; what lies below is not looked at."""
UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)
"""Stands for an `eventTime` that cannot be read: a wrong time that cannot be taken for a right one."""


def text(value: object) -> str | None:
    """Return a string that says something, else None."""
    return value if isinstance(value, str) and value not in ABSENT else None


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Any]:
    """Return a list, else an empty one."""
    return value if isinstance(value, list) else []


def boolean(value: object) -> bool | None:
    """Return a boolean, also one that was written as a string, else None."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    return None


def read_time(value: object) -> datetime:
    """Return an ISO 8601 time, in UTC; for what is none, the very object UNKNOWN_TIME."""
    try:
        time = datetime.fromisoformat(text(value) or "")
    except ValueError:
        return UNKNOWN_TIME
    try:
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except OverflowError:
        return UNKNOWN_TIME


def walk(value: object, depth: int = MAX_DEPTH) -> Iterator[tuple[str, object]]:
    """Yield every key with its value, at any depth, in the record's order. Elements of a list carry the list's key."""
    stack: list[tuple[str, object, int]] = [("", value, depth)]
    while stack:
        key, found, left = stack.pop()
        if key:
            yield key, found
        if left and isinstance(found, Mapping):
            stack.extend((str(name), item, left - 1) for name, item in reversed(list(found.items())))
        elif left and isinstance(found, list):
            stack.extend((key, item, left - 1) for item in reversed(found))
