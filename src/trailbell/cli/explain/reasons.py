"""Why each rule alerts on a record or not: conditions, suppressions, windows and routes in one answer a rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from trailbell.cli.importing.naming import spell_duration
from trailbell.config.model import Config, Suppression
from trailbell.facts.reader import read_facts
from trailbell.named_values import known_names
from trailbell.read.reader import read_record
from trailbell.record import Record
from trailbell.redact import redact
from trailbell.rule import Rule
from trailbell.ruleset.candidate import FACTS_KEY
from trailbell.ruleset.explain import Explanation, explain_rule

NAMES_THE_EVENT = ("eventSource", "eventName")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowReason:
    """What one of the rule's windows would do with the finding."""

    kind: Literal["dedupe", "threshold", "first_seen"]
    key: Mapping[str, str | None]
    """Each name of `by`, and this record's value."""
    effect: str
    """In words, without the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What becomes of one rule."""

    explanation: Explanation
    """Its values are redacted."""
    near: bool
    """Whether the rule is about this event at all: the event source and name it asks for are the record's."""
    suppression: Suppression | None
    windows: tuple[WindowReason, ...]
    destinations: tuple[str, ...]

    @property
    def outcome(self) -> Literal["fires", "suppressed", "excused", "missed", "elsewhere"]:
        """Return it in one word."""
        if self.explanation.matched:
            return "suppressed" if self.suppression else "fires"
        if self.explanation.outcome == "exception held":
            return "excused"
        return "missed" if self.near else "elsewhere"


def find_reasons(
    raw: Mapping[str, Any], config: Config, rules: Iterable[Rule], *, today: date
) -> tuple[Record, tuple[Reason, ...]]:
    """Return the event, without secrets, and why each rule alerts on it or not."""
    clean = redact(raw)
    record = read_record(clean, config.names)
    seen = {**raw, FACTS_KEY: read_facts(raw, config.names)}
    shown = {**clean, FACTS_KEY: read_facts(clean, config.names)}
    holding = [each for each in config.suppressions if each.match.matches(seen)]
    return record, tuple(_reason(rule, seen, shown, record, config, holding, today) for rule in rules)


def _reason(
    rule: Rule,
    seen: Mapping[str, Any],
    shown: Mapping[str, Any],
    record: Record,
    config: Config,
    holding: Sequence[Suppression],
    today: date,
) -> Reason:
    explanation = explain_rule(rule, seen, shown)
    fires = explanation.matched
    account, region = record.event.account_id, record.event.region
    return Reason(
        explanation=explanation,
        near=fires or _is_about(rule, seen),
        suppression=next((each for each in holding if each.holds(rule_id=rule.id, today=today)), None),
        windows=tuple(_windows(rule, record)) if fires else (),
        destinations=config.destinations_of(rule, account_id=account, region=region) if fires else (),
    )


def _is_about(rule: Rule, record: Mapping[str, Any]) -> bool:
    """Tell whether one of the rule's ways names this event, by its name or its source."""
    for way in rule.match.conjunctions:
        naming = [condition for condition in way if condition.name in NAMES_THE_EVENT]
        if naming and all(condition.test(record.get(condition.name)) for condition in naming):
            return True
    return False


def _windows(rule: Rule, record: Record) -> Iterable[WindowReason]:
    if rule.first_seen:
        span = spell_duration(rule.first_seen.window_seconds)
        effect = f"alerts if this was not seen in the {span} before"
        if rule.first_seen.warm_up_seconds:
            effect += f", once the rule has learned for {spell_duration(rule.first_seen.warm_up_seconds)}"
        yield _window("first_seen", rule.first_seen.by, record, effect)
    if rule.threshold:
        span = spell_duration(rule.threshold.window_seconds)
        effect = f"alerts at {rule.threshold.count} of these in {span}, then not again for {span}"
        yield _window("threshold", rule.threshold.by, record, effect)
    if rule.dedupe:
        span = spell_duration(rule.dedupe.window_seconds)
        yield _window("dedupe", rule.dedupe.by, record, f"alerts once in {span}; repeats are counted, not sent")


def _window(
    kind: Literal["dedupe", "threshold", "first_seen"], by: Sequence[str], record: Record, effect: str
) -> WindowReason:
    return WindowReason(kind=kind, key={name: known_names("key")[name].key(record) for name in by}, effect=effect)
