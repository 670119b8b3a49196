"""Finds what can never fire, and why: in rules, in their exceptions, in suppressions."""

from collections.abc import Iterable, Sequence
from datetime import date

from trailbell.authoring.cursor import Cursor
from trailbell.authoring.reachability.conjuncts import Conjunct, conjuncts
from trailbell.authoring.reachability.events import check_events
from trailbell.authoring.reachability.fields import check_fields
from trailbell.authoring.reachability.logic import check_contradictions, check_exceptions, covers
from trailbell.errors import PatternError
from trailbell.pattern import Pattern


def check_rule_reach(rule: Cursor) -> Sequence[Conjunct]:
    """Tell why a rule, or a part of it, can never fire. Returns the alternatives of its pattern."""
    alternatives = check_pattern_reach(rule.at("match"))
    exceptions = [(place, check_pattern_reach(place)) for place in rule.at("except").items()]
    check_exceptions(alternatives, exceptions)
    return alternatives


def check_pattern_reach(pattern: Cursor) -> Sequence[Conjunct]:
    """Tell why a pattern can never match. Returns its alternatives; none where it is no pattern."""
    if not _is_pattern(pattern):
        return ()
    check_fields(pattern)
    alternatives = conjuncts(pattern)
    check_events(alternatives)
    check_contradictions(alternatives)
    return alternatives


def check_suppression_reach(suppressions: Iterable[Cursor], rules: dict[str, Sequence[Conjunct]], today: date) -> None:
    """Tell of suppressions that hide all of a rule."""
    for suppression in suppressions:
        found = check_pattern_reach(suppression.at("match"))
        chosen = suppression.at("rules").value
        if not found or _is_over(suppression.at("expires").value, today):
            continue
        for name, alternatives in rules.items():
            concerned = not isinstance(chosen, list) or not chosen or name in chosen
            if concerned and alternatives and all(covers(found, one) for one in alternatives):
                suppression.at("match").warn(
                    f"this hides every finding of the rule {name}", f"If that is meant, write `disable: [{name}]`."
                )


def _is_pattern(pattern: Cursor) -> bool:
    if not isinstance(pattern.value, dict) or not pattern.value:
        return False
    try:
        Pattern.parse(pattern.value)
    except PatternError:
        return False  # told by the check of patterns
    return True


def _is_over(expires: object, today: date) -> bool:
    try:
        return isinstance(expires, str) and date.fromisoformat(expires) < today
    except ValueError:
        return False


__all__ = ["Conjunct", "check_pattern_reach", "check_rule_reach", "check_suppression_reach"]
