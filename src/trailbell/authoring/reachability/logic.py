"""Conditions that exclude each other, and exceptions that leave nothing over."""

from collections.abc import Sequence
from typing import Any

from trailbell.authoring.cursor import Cursor, spell
from trailbell.authoring.reachability.catalog import kind_of
from trailbell.authoring.reachability.conjuncts import Condition, Conjunct, accepts, by_path

_SINGLE = ("string", "boolean", "number")
_LISTS = {"resources", "trailbell"}
"""Top-level fields below which a field may hold many values: two conditions may be held by two of them."""


def check_contradictions(alternatives: Sequence[Conjunct]) -> None:
    """Tell where no record can hold all conditions of a pattern, or of one branch of an `$or`."""
    clashes = [clash for clash in map(find_clash, alternatives) if clash is not None]
    if not clashes:
        return
    if len(clashes) == len(alternatives):
        one, other = clashes[0]
        other.place.error(
            f"this excludes the condition on {spell(one.path)} in line {one.place.line}: it never matches"
        )
    else:
        for one, other in clashes:
            place = max(one.place, other.place, key=lambda place: len(place.path))
            place.warn(f"with the conditions on {spell(one.path)} around it, this branch never matches", "Take it out.")


def find_clash(conjunct: Conjunct) -> tuple[Condition, Condition] | None:
    """Return two conditions on one field that no value holds both."""
    for conditions in by_path(conjunct).values():
        for number, one in enumerate(conditions):
            for other in conditions[number + 1 :]:
                if _exclude(one, other):
                    return one, other
    return None


def check_exceptions(alternatives: Sequence[Conjunct], exceptions: Sequence[tuple[Cursor, Sequence[Conjunct]]]) -> None:
    """Tell of exceptions that cover all that the rule matches, and of those that never apply to it."""
    if alternatives and all(any(covers(found, one) for _, found in exceptions) for one in alternatives):
        places = [place for place, found in exceptions if any(covers(found, one) for one in alternatives)]
        places[0].error("this excepts all that the rule matches: it never alerts", "Narrow it, or take the rule out.")
        return
    for place, found in exceptions:
        pairs = [(*one, *other) for one in alternatives for other in found]
        if pairs and all(find_clash(pair) for pair in pairs):
            place.warn("this never applies: the rule matches none of it", "Take it out, or check both.")


def covers(wider: Sequence[Conjunct], narrower: Conjunct) -> bool:
    """Tell whether every record that holds `narrower` holds one of `wider`. When in doubt, no."""
    return any(all(_implied(condition, narrower) for condition in conjunct) for conjunct in wider if conjunct)


def _implied(condition: Condition, given: Conjunct) -> bool:
    return any(
        one.path == condition.path and all(_value_implied(value, condition) for value in one.values) for one in given
    )


def _value_implied(value: Any, condition: Condition) -> bool:
    """Tell whether a field that holds this alternative holds the condition."""
    if value in condition.values:
        return True
    if not isinstance(value, dict):
        return condition.accepts(value)
    if value == {"exists": False}:
        return condition.allows_absent
    if {"exists": True} in condition.values:
        return True
    for operator in ("prefix", "suffix"):
        text = value.get(operator)
        wider = [other[operator] for other in condition.values if isinstance(other, dict) and operator in other]
        if isinstance(text, str):
            matches = str.startswith if operator == "prefix" else str.endswith
            return any(isinstance(other, str) and matches(text, other) for other in wider)
    return False


def _exclude(one: Condition, other: Condition) -> bool:
    """Tell whether no value, nor a missing field, holds both. When in doubt, no."""
    if one.allows_absent and other.allows_absent:
        return False
    if one.only_absent or other.only_absent:
        return True
    if kind_of(one.path) not in _SINGLE or one.path[0] in _LISTS:
        return False
    for this, that in ((one, other), (other, one)):
        literals = [value for value in this.values if not isinstance(value, dict)]
        if len(literals) == len([value for value in this.values if value != {"exists": False}]):
            return not any(accepts(that.values, value) for value in literals)
    return False
