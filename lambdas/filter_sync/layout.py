"""What the slots hold: a layout says pattern and state of each, and has a fingerprint."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trailbell.contract.names import UNUSED_SOURCE, RuleState
from trailbell.filters import compile_filters
from trailbell.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What one EventBridge rule is to be."""

    pattern: str
    """JSON, written one way only, so that equal patterns are equal texts."""
    state: RuleState


UNUSED = Slot(pattern=json.dumps({"source": [UNUSED_SOURCE]}, separators=(",", ":")), state=RuleState.DISABLED)
"""A slot without a filter."""

Layout = tuple[Slot, ...]
"""Of one set of slots, in their order."""


def plan_layout(rules: Iterable[Rule], slots: int) -> Layout:
    """Return the slots that let through every event that one of the rules can match."""
    # Two versions of a config share most of their rules, and a filter looks at nothing but what a rule matches.
    patterns = {json.dumps(rule.match.source, sort_keys=True): rule for rule in rules}
    filters = [
        Slot(
            pattern=canonical(filter_.pattern),
            state=RuleState.ENABLED_FOR_READS if filter_.read_only else RuleState.ENABLED,
        )
        for filter_ in compile_filters(patterns.values(), slots=slots)
    ]
    return (*filters, *[UNUSED] * (slots - len(filters)))


def canonical(pattern: object) -> str:
    """Return a pattern as text; equal patterns have equal texts."""
    return json.dumps(pattern, sort_keys=True, separators=(",", ":"))


def fingerprint(layout: Sequence[Slot]) -> str:
    """Return what tells a layout from others."""
    text = json.dumps([[slot.pattern, slot.state] for slot in layout])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
