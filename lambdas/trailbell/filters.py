"""Many rules -> EventBridge patterns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from trailbell.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One EventBridge rule's pattern."""

    pattern: dict[str, Any]
    read_only: bool


def compile_filters(
    rules: Sequence[Rule], *, slots: int = 5, read_only: Callable[[str, str], bool | None] | None = None
) -> tuple[Filter, ...]:
    """Return one filter on all event names that the rules name."""
    del slots, read_only
    names = sorted({name for rule in rules for name in rule.match.source.get("eventName", []) if isinstance(name, str)})
    pattern = {
        "source": [{"prefix": "aws."}, "trailbell.test"],
        "detail-type": [{"suffix": "via CloudTrail"}],
        "detail": {"eventName": names},
    }
    return (Filter(pattern=pattern, read_only=False),)
