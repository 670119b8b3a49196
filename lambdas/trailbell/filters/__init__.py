"""Many rules as a few EventBridge patterns: what wakes the detector.

A filter never lets less through than the rules can match. It is made of terms, one for each way a rule can match; a
term keeps all that EventBridge can see of the rule. Where the terms do not fit the slots, they are widened step by step
(`layouts`) until they do.

Rules in the state ENABLED get no read-only events at all, so the terms that can match one have filters of their own, in
the other state. A rule that says neither what is called nor `readOnly: [false]` ("any call by root") can match reads:
its term is among those, and lets the writes through too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from trailbell.errors import ConfigError
from trailbell.filters.layouts import count_chars, fit, to_pattern
from trailbell.filters.terms import make_terms
from trailbell.operations import is_read_only
from trailbell.rules import Rule

MOST_READ_SLOTS = 2
FEWEST_SLOTS_TO_SHARE = 4
"""From this many slots on, filters that get read-only events may take two of them."""


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
    max_pattern_chars: int = 2048,
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
    if reads and writes and slots == 1:
        reads, writes = terms, []
    read_slots = min(slots - bool(writes), MOST_READ_SLOTS if slots >= FEWEST_SLOTS_TO_SHARE else 1)
    read_layout = fit(reads, slots=read_slots, max_chars=max_pattern_chars)
    write_layout = fit(writes, slots=slots - len(read_layout), max_chars=max_pattern_chars)
    return (
        *(Filter(pattern=to_pattern(branches), read_only=True) for branches in read_layout),
        *(Filter(pattern=to_pattern(branches), read_only=False) for branches in write_layout),
    )
