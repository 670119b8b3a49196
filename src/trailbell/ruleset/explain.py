"""Why a rule matched a record, or did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from trailbell.pattern import Condition, Conjunction, compile_conjunction, leaves
from trailbell.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One condition beside what the record has there."""

    path: str
    """Dotted, from the record's top."""
    expected: Sequence[Any]
    """The pattern's list."""
    values: tuple[Any, ...]
    """Every string, number, boolean and null at the path; empty where the record has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of one rule."""

    rule: Rule
    outcome: Literal["matched", "condition failed", "exception held"]
    conditions: tuple[Seen, ...]
    """Those that held, of the match or of the exception; or the first that failed, alone."""
    exception: int | None = None
    """Which of the rule's exceptions held, counted from 0."""

    @property
    def matched(self) -> bool:
        """Whether the rule alerts."""
        return self.outcome == "matched"


def explain_rule(rule: Rule, record: Mapping[str, Any], shown: Mapping[str, Any] | None = None) -> Explanation:
    """Tell why a rule matches the record, whose facts are in it, or does not.

    Of several ways through `$or`s, the first that holds is told, else the one that came furthest. The values told are
    those of `shown`: the same record without its secrets.
    """
    shown = record if shown is None else shown
    held = _first_that_holds(rule.match.conjunctions, record)
    if held is None:
        failed = max((_first_failure(way, record) for way in rule.match.conjunctions), key=lambda found: found[0])
        return Explanation(rule=rule, outcome="condition failed", conditions=_see((failed[1],), shown))
    for place, exception in enumerate(rule.exceptions):
        excused = _first_that_holds(exception.conjunctions, record)
        if excused is not None:
            return Explanation(rule=rule, outcome="exception held", conditions=_see(excused, shown), exception=place)
    return Explanation(rule=rule, outcome="matched", conditions=_see(held, shown))


def _first_that_holds(ways: Sequence[Conjunction], record: Mapping[str, Any]) -> Conjunction | None:
    return next((way for way in ways if compile_conjunction(way)(record)), None)


def _first_failure(way: Conjunction, record: Mapping[str, Any]) -> tuple[int, Condition]:
    """Return how many conditions hold together before one does not, and that one.

    Asking ever more of them together finds the one for which no array element is left, too.
    """
    for count in range(1, len(way)):
        if not compile_conjunction(way[:count])(record):
            return count - 1, way[count - 1]
    return len(way) - 1, way[-1]


def _see(conditions: Sequence[Condition], record: Mapping[str, Any]) -> tuple[Seen, ...]:
    return tuple(
        Seen(path=condition.name, expected=condition.expected, values=tuple(leaves(record, condition.path)))
        for condition in conditions
    )
