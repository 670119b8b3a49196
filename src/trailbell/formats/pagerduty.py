"""An alert as an event of PagerDuty's Events API v2.

https://developer.pagerduty.com/docs/events-api-v2-overview
"""

from collections.abc import Mapping
from typing import Any

from trailbell.alert import Alert
from trailbell.formats import digest as words
from trailbell.formats.digest import Digest
from trailbell.formats.document import iso, links
from trailbell.formats.text import headline
from trailbell.rule import Severity
from trailbell.words import view
from trailbell.words.clean import clip, quote, visible

MAX_SUMMARY = 1024
MAX_DEDUP_KEY = 255
MAX_RESOURCES = 20
MAX_PARAMETERS = 10
MAX_ALERTS = 100
SEVERITIES: Mapping[Severity, str] = {
    "critical": "critical",
    "high": "error",
    "medium": "warning",
    "low": "info",
    "info": "info",
}
"""PagerDuty knows four; its services may give each an urgency of its own."""


def event(alert: Alert, routing_key: str) -> dict[str, Any]:
    """Return the body to post.

    Its `dedup_key` is the alert's id, so that one that is sent twice stays one incident.
    """
    return {
        "routing_key": routing_key,
        "event_action": "trigger",
        "dedup_key": clip(visible(alert.id), MAX_DEDUP_KEY),
        "client": "Trailbell",
        "payload": {
            "summary": clip(f"{headline(alert)}: {view.summary(alert)}", MAX_SUMMARY),
            "source": quote(alert.event.account_name or alert.event.account_id, view.MAX_VALUE) or "unknown account",
            "severity": SEVERITIES[alert.severity],
            "timestamp": iso(alert.event.time),
            "component": quote(alert.event.service, view.MAX_VALUE) or None,
            "group": quote(alert.event.region, view.MAX_VALUE) or None,
            "class": visible(alert.rule.id),
            "custom_details": _details(alert),
        },
        "links": [{"href": url, "text": view.button_words(alert)[page]} for page, url in links(alert).items()],
    }


def digest_event(digest: Digest, routing_key: str) -> dict[str, Any]:
    """Return the body to post for a digest: one incident for all of its alerts."""
    return {
        "routing_key": routing_key,
        "event_action": "trigger",
        "dedup_key": clip(digest.id, MAX_DEDUP_KEY),
        "client": "Trailbell",
        "payload": {
            "summary": clip(words.headline(digest), MAX_SUMMARY),
            "source": "Trailbell",
            "severity": SEVERITIES[digest.severity],
            "timestamp": iso(digest.since),
            "class": "digest",
            "custom_details": {
                "Rules": list(words.rule_lines(digest, MAX_ALERTS)),
                "Alerts": list(words.alert_lines(digest, MAX_ALERTS)),
            },
        },
        "links": [],
    }


def _details(alert: Alert) -> dict[str, Any]:
    shown = alert.resources[:MAX_RESOURCES]
    labels = [
        " ".join(part for part in (view.resource_label(item), view.resource_kind(alert, item)) if part)
        for item in shown
    ]
    if rest := alert.resource_count - len(shown):
        labels.append(f"and {rest:,} more")
    found: dict[str, Any] = {line.label: ", ".join((line.value, *line.details)) for line in view.lines(alert)}
    found |= {
        "Resources": labels,
        "Parameters": dict(view.parameters(alert, MAX_PARAMETERS)),
        "Undo (check before you run it)": view.undo(alert),
        "Runbook": view.runbook_steps(alert),
        "Event id": quote(alert.event.id, view.MAX_VALUE),
        "Request id": quote(alert.event.request_id or "", view.MAX_VALUE),
        "Config": visible(alert.config_version),
    }
    return {name: value for name, value in found.items() if value}
