"""Many rules as a few EventBridge patterns: what wakes the detector."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.rules import Rule

ENVELOPE: Mapping[str, Any] = {
    "source": [{"prefix": "aws."}, "trailbell.test"],
    "detail-type": [{"suffix": "via CloudTrail"}],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One EventBridge rule to be."""

    pattern: dict[str, Any]
    read_only: bool


def compile_filters(
    rules: Iterable[Rule],
    *,
    slots: int = 5,  # noqa: ARG001
    max_pattern_chars: int = 2048,  # noqa: ARG001
    read_only: Callable[[str, str], bool | None] | None = None,  # noqa: ARG001
) -> tuple[Filter, ...]:
    """Return filters."""
    return (Filter(pattern=dict(ENVELOPE), read_only=True),) if list(rules) else ()
