"""An alert as a message for a Microsoft Teams workflow: an Adaptive Card.

Whatever comes from the record stands in TextRuns of RichTextBlocks, which know no Markdown: Teams looks for no link,
mention or formatting in them. Only the card's own words stand in TextBlocks.
https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trailbell.alert import Alert
from trailbell.formats import digest as words
from trailbell.formats.digest import Digest
from trailbell.formats.document import links
from trailbell.formats.text import headline
from trailbell.rule import Severity
from trailbell.words import view
from trailbell.words.clean import quote, visible

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
CARD_VERSION = "1.4"
"""Teams shows 1.5 on desktops and 1.4 on phones."""
MAX_MESSAGE_BYTES = 27_000
"""Teams takes 28 KB: https://learn.microsoft.com/microsoftteams/limits-specifications-teams"""
MAX_RESOURCES = 10
MAX_PARAMETERS = 5
MAX_RULES = 10
MAX_ALERTS = 50
STYLES: Mapping[Severity, str] = {
    "critical": "attention",
    "high": "attention",
    "medium": "warning",
    "low": "accent",
    "info": "default",
}
"""Severity -> the style of the card's head, which Teams colours for light and dark."""

Element = dict[str, Any]


def message(alert: Alert) -> dict[str, Any]:
    """Return the body to post to the workflow's URL, within the size that Teams takes."""
    for resources in (MAX_RESOURCES, 3, 0):
        body = _message(alert, resources)
        if len(json.dumps(body).encode()) <= MAX_MESSAGE_BYTES:
            break
    return body


def _message(alert: Alert, resources: int) -> dict[str, Any]:
    words = view.button_words(alert)
    actions = [{"type": "Action.OpenUrl", "title": words[page], "url": url} for page, url in links(alert).items()]
    return _card(f"{headline(alert)}: {view.summary(alert)}", list(_body(alert, resources)), actions)


def digest_message(digest: Digest) -> dict[str, Any]:
    """Return the body to post for a digest: how much of what, then a line for each alert as far as the card goes."""
    title = words.headline(digest)
    head = [_runs(_run(title, weight="Bolder", size="Large"))]
    head += [_runs(_run(line)) for line in words.rule_lines(digest, MAX_RULES)]
    for count in (MAX_ALERTS, 20, 0):
        container = {"type": "Container", "style": STYLES[digest.severity], "bleed": True, "items": head}
        body = _card(title, [container, *(_runs(_run(line)) for line in words.alert_lines(digest, count))], [])
        if len(json.dumps(body).encode()) <= MAX_MESSAGE_BYTES:
            break
    return body


def _card(fallback: str, body: list[Element], actions: list[Element]) -> dict[str, Any]:
    card = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": CARD_VERSION,
        "msteams": {"width": "Full"},
        "fallbackText": fallback,
        "body": body,
        "actions": actions,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _body(alert: Alert, resources: int) -> Iterator[Element]:
    sign = view.TEST_SIGN if alert.test else view.SEVERITY_SIGNS[alert.severity]
    head = _runs(_run(f"{sign} {headline(alert)}", weight="Bolder", size="Large"))
    yield {
        "type": "Container",
        "style": STYLES[alert.severity],
        "bleed": True,
        "items": [head, _runs(_run(view.summary(alert) or view.title(alert)))],
    }
    for line in view.lines(alert):
        yield _fact(line.label, " · ".join((line.value, *line.details)))
    if found := view.parameters(alert, MAX_PARAMETERS):
        yield _fact("With", " · ".join(f"{name} {value}" for name, value in found))
    if alert.resources:
        yield _fact("Resources", f"{alert.resource_count:,}")
        yield from _resources(alert, resources)
    if command := view.undo(alert):
        yield _runs(_run("Undo", weight="Bolder"), _run(" (check before you run it)"))
        yield _runs(_run(command, fontType="Monospace"))
    if steps := view.runbook_steps(alert):
        yield _runs(_run("Runbook", weight="Bolder"))
        yield from (_runs(_run(step)) for step in steps.splitlines() if step)
    parts = (f"Rule {visible(alert.rule.id)}", f"event {quote(alert.event.id, view.MAX_VALUE)}",
             f"config {visible(alert.config_version)}")  # fmt: skip
    yield _runs(_run(" · ".join(parts), isSubtle=True, size="Small"))


def _resources(alert: Alert, count: int) -> Iterator[Element]:
    shown = alert.resources[:count]
    for resource in shown:
        kind = view.resource_kind(alert, resource)
        label = _run(f"• {view.resource_label(resource) or 'unnamed'}", fontType="Monospace")
        yield _runs(label, *([_run(f"  {kind}", isSubtle=True)] if kind else []))
    if rest := alert.resource_count - len(shown):
        yield _runs(_run(f"and {rest:,} more" if shown else f"{rest:,}, named in the JSON alert", isSubtle=True))


def _fact(label: str, value: str) -> Element:
    return _runs(_run(f"{label}  ", weight="Bolder"), _run(value))


def _runs(*runs: Element) -> Element:
    return {"type": "RichTextBlock", "inlines": list(runs), "spacing": "Small"}


def _run(text: str, **style: Any) -> Element:
    return {"type": "TextRun", "text": text, **style}
