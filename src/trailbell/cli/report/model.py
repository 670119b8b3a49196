"""What a report tells: the events that rules matched, and what became of each finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trailbell.contract.outcomes import Outcome
from trailbell.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedFinding:
    """A rule matched an event, and what became of it."""

    rule_id: str
    outcome: Outcome
    summary: str = ""
    """The alert's sentence; empty where nothing was sent."""
    suppression_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedEvent:
    """An event, with the findings on it."""

    document: Mapping[str, Any]
    """As `trailbell.formats.document.event_document` makes it: redacted."""
    who: str
    """Who acted, whatever session it was: what events are counted by."""
    findings: Sequence[ReportedFinding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a page shows."""

    title: str
    subtitle: str
    """Source, span and config, in a line."""
    totals: Sequence[tuple[str, int]]
    """What is counted at the top of the page, in its words."""
    rules: Sequence[Rule]
    events: Sequence[ReportedEvent]
