"""A digest: the alerts of one minute that were more than a destination's budget, told together."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trailbell.alert import SCHEMA_VERSION, Alert
from trailbell.formats.document import iso, to_document
from trailbell.rule import SEVERITIES, Severity
from trailbell.words import view
from trailbell.words.clean import clip, visible

MAX_LINE = 220


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Alerts told together."""

    destination: str
    """As routes call it: `slack/soc`."""
    since: datetime
    """Beginning of the minute, in UTC."""
    until: datetime
    alerts: tuple[Alert, ...]
    """At least one. The most severe first, and of those the earliest."""

    @property
    def id(self) -> str:
        """Return what tells it from every other digest."""
        return f"digest/{self.destination}/{iso(self.since)}"

    @property
    def severity(self) -> Severity:
        """Return the worst of its alerts' severities."""
        return self.alerts[0].severity

    @property
    def test(self) -> bool:
        """Whether all of its alerts are tests."""
        return all(alert.test for alert in self.alerts)


def make_digest(*, destination: str, since: datetime, until: datetime, alerts: Sequence[Alert]) -> Digest:
    """Put alerts in order. Raises ValueError where there are none."""
    if not alerts:
        raise ValueError("a digest tells of one alert at least")
    ordered = sorted(alerts, key=lambda alert: (-SEVERITIES.index(alert.severity), alert.event.time, alert.id))
    return Digest(destination=destination, since=since, until=until, alerts=tuple(ordered))


def to_documents(digest: Digest, max_bytes: int, measure: Callable[[Mapping[str, Any]], int]) -> list[dict[str, Any]]:
    """Return the digest as JSON, whole: in as many parts as `max_bytes` asks for, none without an alert.

    `measure` tells the bytes of one alert's document. An alert that is too big by itself makes a part of its own.
    """
    parts: list[list[dict[str, Any]]] = [[]]
    room = max_bytes
    for alert in digest.alerts:
        document = to_document(alert)
        size = measure(document)
        if parts[-1] and size > room:
            parts.append([])
            room = max_bytes
        parts[-1].append(document)
        room -= size
    head = {
        "version": SCHEMA_VERSION,
        "kind": "digest",
        "id": digest.id,
        "destination": digest.destination,
        "since": iso(digest.since),
        "until": iso(digest.until),
        "count": len(digest.alerts),
        "severities": severities(digest),
        "rules": rules(digest),
        "parts": len(parts),
    }
    return [{**head, "part": number, "alerts": part} for number, part in enumerate(parts, start=1)]


def severities(digest: Digest) -> dict[str, int]:
    """Return how many alerts of each severity there are, the worst first."""
    counted = Counter(alert.severity for alert in digest.alerts)
    return {severity: counted[severity] for severity in reversed(SEVERITIES) if counted[severity]}


def rules(digest: Digest) -> dict[str, int]:
    """Return how many alerts of each rule there are, the most first."""
    return dict(Counter(alert.rule.id for alert in digest.alerts).most_common())


def headline(digest: Digest) -> str:
    """Return what a reader sees first: `500 more alerts between 17:58 and 17:59 UTC: 2 critical, 498 medium`."""
    count = len(digest.alerts)
    counted = ", ".join(f"{number:,} {severity}" for severity, number in severities(digest).items())
    noun = "alert" if count == 1 else "alerts"
    test = "TEST: " if digest.test else ""
    return f"{test}{count:,} more {noun} between {digest.since:%H:%M} and {digest.until:%H:%M} UTC: {counted}"


def rule_lines(digest: Digest, limit: int) -> Iterator[str]:
    """Yield each rule with its count, as many as `limit`, then how many more there are."""
    counted = rules(digest)
    for rule, number in list(counted.items())[:limit]:
        yield f"{number:,} × {clip(visible(rule), MAX_LINE)}"
    if len(counted) > limit:
        yield f"and {len(counted) - limit:,} more rules"


def alert_lines(digest: Digest, limit: int) -> Iterator[str]:
    """Yield a line for each alert, as many as `limit`, then how many more there are."""
    for alert in digest.alerts[:limit]:
        sign = view.TEST_SIGN if alert.test else view.SEVERITY_SIGNS[alert.severity]
        yield clip(f"{sign} {alert.event.time:%H:%M:%S} {view.summary(alert) or view.title(alert)}", MAX_LINE)
    if len(digest.alerts) > limit:
        yield f"and {len(digest.alerts) - limit:,} more; the alerts topic had each of them"
