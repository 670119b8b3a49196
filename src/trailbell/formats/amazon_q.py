"""An alert as a custom notification of Amazon Q Developer in chat applications, which posts it to Slack or Teams.

https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
"""

import json
from collections.abc import Iterator
from typing import Any

from trailbell.alert import Alert
from trailbell.formats import Format
from trailbell.formats.document import links
from trailbell.formats.slack.text import code, inert
from trailbell.formats.text import headline
from trailbell.words import view
from trailbell.words.clean import clip, quote, visible

MAX_TITLE = 250
MAX_DESCRIPTION = 8000
MAX_NEXT_STEP = 350
MAX_RESOURCES = 10
MAX_THREAD_ID = 250


def notification(alert: Alert) -> dict[str, Any]:
    """Return the notification. Its texts are in the chat program's own Markdown, so what we quote is made inert."""
    return {
        "version": "1.0",
        "source": "custom",
        "id": clip(visible(alert.id), 250),
        "content": {
            "textType": "client-markdown",
            "title": clip(f"{view.SEVERITY_SIGNS[alert.severity]} {inert(headline(alert))}", MAX_TITLE),
            "description": clip("\n".join(_description(alert)), MAX_DESCRIPTION),
            "nextSteps": _next_steps(alert),
            "keywords": [alert.severity, clip(inert(visible(alert.rule.id)), 75)],
        },
        "metadata": {
            "threadId": clip(visible(alert.follow_up.of if alert.follow_up else alert.id), MAX_THREAD_ID),
            "summary": clip(inert(headline(alert)), MAX_TITLE),
            "eventType": clip(inert(visible(alert.event.name)), 100),
            "additionalContext": {"severity": alert.severity, "rule": clip(inert(visible(alert.rule.id)), 250)},
        },
    }


def _description(alert: Alert) -> Iterator[str]:
    yield inert(view.summary(alert))
    yield ""
    for line in view.lines(alert):
        yield " · ".join((f"*{line.label}* {code(line.value)}", *(inert(detail) for detail in line.details)))
    if alert.resources:
        yield f"*Resources* ({alert.resource_count:,})"
    shown = alert.resources[:MAX_RESOURCES]
    for resource in shown:
        kind = view.resource_kind(alert, resource)
        yield f"• {code(view.resource_label(resource) or 'unnamed')}" + (f" {code(kind)}" if kind else "")
    if rest := alert.resource_count - len(shown):
        yield f"and {rest:,} more"


def _next_steps(alert: Alert) -> list[str]:
    words = view.button_words(alert)
    steps = [f"{clip(inert(words[page]), 100)}: {url}" for page, url in links(alert).items()]
    return [*(step for step in steps if len(step) <= MAX_NEXT_STEP), f"Event id {code(quote(alert.event.id, 200))}"]


def _render(alert: Alert) -> str:
    return json.dumps(notification(alert))


FORMAT = Format(description="what Amazon Q Developer in chat applications shows", render=_render)
