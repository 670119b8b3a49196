"""An alert: a finding, in the words and facts that people and machines get."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trailbell.errors import ConfigError
from trailbell.finding import Finding, Verdict
from trailbell.record import Event, Origin, Principal, Record, Resource
from trailbell.rules import Severity

SCHEMA_VERSION = "1.0"
"""Of the JSON alert. The minor number grows when fields are added, the major one when a reader could break."""

NAMED_RESOURCES = 3
"""How many resources a sentence names before it counts the rest."""


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


def name_resources(resources: tuple[Resource, ...]) -> str:
    """Name the most important resources and count the rest: `i-1, i-2, i-3 and 4 more`."""
    created = [resource for resource in resources if resource.role == "created"]
    chosen = created or list(resources)
    names = [resource.id for resource in chosen[:NAMED_RESOURCES]]
    rest = len(chosen) - len(names)
    return (", ".join(names) or "nothing named") + (f" and {rest} more" if rest else "")


PLACEHOLDERS: Mapping[str, Callable[[Record, str], str]] = {
    "account": lambda record, _: record.event.account_name or record.event.account_id,
    "address": lambda record, _: record.origin.network or record.origin.address or "an unknown address",
    "change": lambda _, words: words,
    "error": lambda record, _: record.event.error_code or "no error",
    "event": lambda record, _: record.event.name,
    "principal": lambda record, _: record.principal.display,
    "region": lambda record, _: record.event.region,
    "resources": lambda record, _: name_resources(record.resources),
    "service": lambda record, _: record.event.service,
}
"""What a rule's `summary` may name in braces, and what is put there. `{change}` is the plain-words sentence."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_summary(template: str) -> None:
    """Refuse a `summary` with an unknown placeholder. Raises ConfigError."""
    for name in _PLACEHOLDER.findall(template):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{placeholder}}}" for placeholder in sorted(PLACEHOLDERS))
            raise ConfigError(f"summary: unknown placeholder {{{name}}}; use one of {known}")


def fill_summary(template: str, record: Record, words: str) -> str:
    """Put a record's facts into a rule's `summary`. Values are put in as they are and never read as a template."""
    return _PLACEHOLDER.sub(lambda found: PLACEHOLDERS[found[1]](record, words), template)
