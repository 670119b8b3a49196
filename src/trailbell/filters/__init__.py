"""Many rules as a few EventBridge patterns: what wakes the detector.

A filter never lets less through than the rules can match. It is made of terms, one for each way a rule can match; a
term keeps all that EventBridge can see of the rule. Where the terms do not fit the slots, they are widened step by step
(`layouts`) until they do.

Rules in the state ENABLED get no read-only events at all, so the terms that can match one have filters of their own, in
the other state. A rule that says neither what is called nor `readOnly: [false]` ("any call by root") can match reads:
its term is among those, and lets the writes through too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from trailbell.contract.limits import MAX_PATTERN_CHARACTERS
from trailbell.errors import ConfigError
from trailbell.filters.layouts import Layout, count_chars, fit, to_pattern
from trailbell.filters.terms import Term, make_terms
from trailbell.operations import is_read_only
from trailbell.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One EventBridge rule to be."""

    pattern: dict[str, Any]
    """The whole event pattern, envelope and `detail`."""
    read_only: bool
    """Whether it must get read-only events: state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS, else ENABLED."""


def compile_filters(
    rules: Iterable[Rule],
    *,
    slots: int = 5,
    max_pattern_chars: int = MAX_PATTERN_CHARACTERS,
    read_only: Callable[[str, str], bool | None] | None = None,
) -> tuple[Filter, ...]:
    """Return at most `slots` filters that let through every event that a rule can match.

    `read_only` tells of an event source (empty: any) and event name whether CloudTrail calls it read-only; None means
    that it does not know, and counts as yes. Conditions on facts are dropped, and exceptions are left to the detector.
    Raises ConfigError where there is no slot, or where not even the widest pattern fits.
    """
    if slots < 1:
        raise ConfigError(f"deployment.slots is {slots}: at least one filter is needed; set it to 5")
    if count_chars([{}]) > max_pattern_chars:
        raise ConfigError(f"no filter fits {max_pattern_chars} characters; EventBridge takes 2,048")
    terms = make_terms(rules, read_only or is_read_only)
    reads = [term for term in terms if term.read_only]
    writes = [term for term in terms if not term.read_only]
    if slots == 1 and reads:
        reads, writes = terms, []
    read_layout = _fit_reads(reads, slots - bool(writes), max_pattern_chars)
    if [{}] in read_layout:
        writes = []  # that filter lets them through
    _, write_layout = fit(writes, slots=slots - len(read_layout), max_chars=max_pattern_chars)
    return (
        *(Filter(pattern=to_pattern(branches), read_only=True) for branches in read_layout),
        *(Filter(pattern=to_pattern(branches), read_only=False) for branches in write_layout),
    )


def _fit_reads(reads: Sequence[Term], most_slots: int, max_chars: int) -> Layout:
    """Return the tightest layout, in as few slots as it takes.

    Reads come first: they are most of an account's events, so that widening their filters costs more than widening
    those of the writes.
    """
    if not reads:
        return []
    layouts = [fit(reads, slots=slots, max_chars=max_chars) for slots in range(1, most_slots + 1)]
    return min(layouts, key=lambda layout: (layout[0], len(layout[1])))[1]
