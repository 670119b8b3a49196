"""An alert: a finding, in the words and facts that people and machines get."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trailbell.finding import Finding, Verdict
from trailbell.record import Event, Origin, Principal, Resource
from trailbell.rule import Severity
from trailbell.summary_template import fill_summary

SCHEMA_VERSION = "1.1"
"""Of the JSON alert. The minor number grows when fields are added, the major one when a reader could break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInfo:
    """What an alert says of the rule that matched."""

    id: str
    title: str
    description: str = ""
    runbook: str | None = None
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pack: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What became of an alert's window, told once when the window is over."""

    of: str
    """Id of the alert that opened the window."""
    repeats: int
    """Findings of the same key that were counted and not sent."""
    since: datetime | None = None
    """When the window opened."""
    until: datetime | None = None
    """When it was over."""
    differed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What was not the same in all of them -> its values: `principal`, `source_ip`, `region`, `resource`,
    `event_name`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One finding that is sent. Everything in it is redacted, nothing in it is escaped yet."""

    id: str
    """`<event id>/<rule id>`: the same finding always has the same id."""
    severity: Severity
    test: bool
    """Whether it was sent to try the path (`source` `trailbell.test`): no AWS call was made."""
    rule: RuleInfo
    summary: str
    """One sentence: who did what, where."""
    undo: str | None
    """A command line that reverses the call, to be checked before it is run."""
    event: Event
    principal: Principal
    origin: Origin
    resources: tuple[Resource, ...]
    request_parameters: Any
    """Redacted `requestParameters`: any JSON."""
    response_elements: Any
    """Redacted `responseElements`: any JSON."""
    alerted_at: datetime
    """Aware, in UTC."""
    config_version: str
    """Which config matched."""
    destinations: tuple[str, ...] = ()
    """Where the config's routes send it, such as `email`, `slack/soc`; `none` for nowhere. Empty for everywhere."""
    omitted_resources: int = 0
    """How many more resources there were, where the way to a reader had no room for all."""
    repeats: int = 0
    """Findings of the same key that were counted and not sent since the last alert."""
    occurrences: int = 1
    """How many findings made this alert: more than one for a threshold."""
    within_seconds: int | None = None
    """The time they fell in; None without a threshold."""
    examples: tuple[str, ...] = ()
    """Event ids of the latest of them, this one's among them."""
    follow_up: FollowUp | None = None
    """Set in the alert that ends a window; its `id` is `<of>/follow-up`."""

    @property
    def resource_count(self) -> int:
        """How many resources the call was about."""
        return len(self.resources) + self.omitted_resources

    @property
    def delay_seconds(self) -> float:
        """How late the alert is: from the event's time to now."""
        return max(0.0, (self.alerted_at - self.event.time).total_seconds())


def build_alert(
    *,
    finding: Finding,
    verdict: Verdict,
    words: str,
    undo: str | None,
    destinations: tuple[str, ...],
    now: datetime,
    config_version: str,
) -> Alert:
    """Make the alert of a finding.

    `words` is the plain-words sentence, used where the rule has no
    `summary` of its own.
    """
    rule, record = finding.rule, finding.record
    return Alert(
        id=finding.id,
        severity=rule.severity,
        test=finding.test,
        rule=RuleInfo(
            id=rule.id,
            title=rule.title,
            description=rule.description,
            runbook=rule.runbook,
            references=rule.references,
            tags=rule.tags,
            pack=rule.pack,
        ),
        summary=words if rule.summary is None else fill_summary(rule.summary, record, words),
        undo=undo,
        event=record.event,
        principal=record.principal,
        origin=record.origin,
        resources=record.resources,
        request_parameters=record.raw.get("requestParameters"),
        response_elements=record.raw.get("responseElements"),
        alerted_at=now,
        config_version=config_version,
        destinations=destinations,
        repeats=verdict.repeats,
        occurrences=verdict.occurrences,
        within_seconds=verdict.within_seconds,
        examples=verdict.examples,
    )
