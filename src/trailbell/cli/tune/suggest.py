"""Suggests exceptions: the smallest patterns that remove the most repeated, least risky alerts.

A pattern names who acts, by a field that stays the same from run to run, and holds for the rules that this one actor
dominates. How many alerts it removes is not estimated: the findings are judged again with it, because without an
actor's alerts the windows of a rule open at other times.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.cli.replay.past import Past
from trailbell.config.model import Suppression
from trailbell.errors import PatternError
from trailbell.finding import Finding
from trailbell.pattern import Pattern
from trailbell.record import Record
from trailbell.redact import REDACTED
from trailbell.rule import Rule
from trailbell.words.clean import quote

MIN_ALERTS = 3
"""Fewer are not worth an exception."""
MIN_SHARE = 0.3
"""Of a rule's alerts that one actor must cause: otherwise the rule is what is noisy, not the actor."""
RISKY = ("high", "critical")
_MAX_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way to tell an actor."""

    name: str
    """Begins the reason: `AWS service`."""
    read: Callable[[Record], str | None]
    """Returns what tells the actor; None where this is none of the kind."""
    pattern: Callable[[str], dict[str, Any]]


def _service(record: Record) -> str | None:
    return record.principal.invoked_by if record.principal.kind == "service" else None


def _role(record: Record) -> str | None:
    principal = record.principal
    return principal.session_issuer if principal.kind == "machine" else None


def _user(record: Record) -> str | None:
    principal = record.principal
    return principal.arn if principal.type == "IAMUser" and not principal.console else None


KINDS: tuple[Kind, ...] = (
    Kind(
        name="AWS service",
        read=_service,
        pattern=lambda value: {"userIdentity": {"invokedBy": [value]}},
    ),
    Kind(
        name="role",
        read=_role,
        pattern=lambda value: {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": [value]}}}},
    ),
    Kind(name="user", read=_user, pattern=lambda value: {"userIdentity": {"arn": [value]}}),
)
"""The safest first. Root and people's role sessions are no noise: nothing is suggested for them.

An IAM user counts with what it does outside the console: nothing tells whether that is a program.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One suppression to paste."""

    suppression: Suppression
    actor: str
    """As people call it: `role ci-deploy`."""
    removes: int
    """How many alerts fewer the same replay has with it, and with no other suggestion."""
    findings: int
    """How many findings it holds back: alerts and repeats."""
    shares: Mapping[str, float]
    """For each rule, the actor's share of its alerts."""
    risky: tuple[Rule, ...]
    """Rules of high or critical severity that it would silence for the actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What to paste, and what it comes to."""

    each: tuple[Suggestion, ...]
    """What removes most first, those without risk before the others."""
    alerts: int
    """Of the replay as it is."""
    left_without_risk: int
    """With all but the risky ones."""
    left: int
    """With all of them."""


def suggest(past: Past, *, limit: int, min_alerts: int = MIN_ALERTS) -> Suggestions:
    """Return what would make a replay quieter: at most `limit` suggestions."""
    before = past.tally()
    alerts = {rule.rule.id: rule.alerts for rule in before.rules}
    candidates = sorted(_candidates(past, alerts, min_alerts), key=lambda each: -each.alerts)[:limit]
    found = [suggestion for each in candidates if (suggestion := _try(past, alerts, each))]
    found.sort(key=lambda each: (bool(each.risky), -each.removes, each.suppression.id))
    safe = [each.suppression for each in found if not each.risky]
    every = [each.suppression for each in found]
    return Suggestions(
        each=tuple(found),
        alerts=before.total("alerted"),
        left_without_risk=past.tally(extra=safe).total("alerted"),
        left=past.tally(extra=every).total("alerted"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """An actor and the rules that it dominates."""

    kind: Kind
    value: str
    shares: Mapping[str, float]
    alerts: int


def _candidates(past: Past, alerts: Mapping[str, int], min_alerts: int) -> Iterator[_Candidate]:
    rules = {rule.id: rule for rule in past.config.rules}
    for (kind, value), counts in _actors(past).items():
        noisy = [id_ for id_, number in sorted(counts.items()) if number >= max(min_alerts, MIN_SHARE * alerts[id_])]
        # Rules of high severity apart, so that nobody has to take them along with the harmless ones.
        for risky in (False, True):
            shares = {id_: counts[id_] / alerts[id_] for id_ in noisy if (rules[id_].severity in RISKY) is risky}
            if shares:
                yield _Candidate(
                    kind=KINDS[kind], value=value, shares=shares, alerts=sum(counts[id_] for id_ in shares)
                )


def _actors(past: Past) -> dict[tuple[int, str], Counter[str]]:
    """Count alerts by actor and rule."""
    actors: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for judged in past.judged(say=False):
        if judged.outcome == "alerted":
            actor = _actor(judged.finding)
            if actor:
                actors[actor][judged.finding.rule.id] += 1
    return actors


def _actor(finding: Finding) -> tuple[int, str] | None:
    for number, kind in enumerate(KINDS):
        value = kind.read(finding.record)
        if value and REDACTED not in value:
            return number, value
    return None


def _try(past: Past, alerts: Mapping[str, int], candidate: _Candidate) -> Suggestion | None:
    """Judge the rules again with the suppression; None where it removes nothing, or cannot be written."""
    try:
        suppression = _suppression(candidate)
    except PatternError:
        return None
    tally = past.tally(extra=[suppression], only=suppression.rules)
    removes = sum(alerts[rule_id] for rule_id in suppression.rules) - tally.total("alerted")
    if removes <= 0:
        return None
    return Suggestion(
        suppression=suppression,
        actor=f"{candidate.kind.name} {_name(candidate.value)}",
        removes=removes,
        findings=tally.suppressions[suppression.id],
        shares=candidate.shares,
        risky=tuple(each for each in past.config.rules if each.id in suppression.rules and each.severity in RISKY),
    )


def _suppression(candidate: _Candidate) -> Suppression:
    """Return what holds the actor back. Raises PatternError where its name cannot stand in a pattern."""
    pattern, rules = candidate.kind.pattern(candidate.value), tuple(sorted(candidate.shares))
    digest = hashlib.sha256(json.dumps([pattern, rules]).encode()).hexdigest()[:8]
    return Suppression(
        id=f"tuned-{digest}",
        match=Pattern.parse(pattern),
        reason=f"{candidate.kind.name} {_name(candidate.value)} does this all the time",
        rules=rules,
    )


def _name(value: str) -> str:
    return quote(value.rpartition("/")[2].removesuffix(".amazonaws.com"), _MAX_NAME)
