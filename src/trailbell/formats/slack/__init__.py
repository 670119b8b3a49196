"""An alert as a Slack message, for incoming webhooks and `chat.postMessage` alike.

Whatever comes from the record stands in `rich_text` elements, which Slack shows as they are: it looks for no markup,
mention, emoji or link in them, and nothing has to be escaped or altered, so that ids can be copied.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trailbell.alert import Alert
from trailbell.formats.document import links
from trailbell.formats.slack.text import escape, inert
from trailbell.record import Resource
from trailbell.rule import Severity
from trailbell.words import view
from trailbell.words.clean import clip, quote, visible, web_address

MAX_RESOURCES = 10
MAX_PARAMETERS = 5
MAX_HEADER = 150
MAX_BUTTON = 75
MAX_CONTEXT = 2000
MAX_FALLBACK = 1000
MAX_LINK = 1000
"""Of a resource in the list; Slack itself takes 3,000 characters, but not for all of them together."""
MAX_MESSAGE_CHARACTERS = 12_000
"""All blocks as JSON. Slack refuses about 13,000 characters of text (`msg_blocks_too_long`); it documents no figure."""

COLOURS: Mapping[Severity, str] = {
    "critical": "#b3001b",
    "high": "#e8590c",
    "medium": "#f2b705",
    "low": "#1971c2",
    "info": "#868e96",
}
BOLD = {"bold": True}

Element = dict[str, Any]


def message(alert: Alert) -> dict[str, Any]:
    """Return the body to post: `text` for notifications, headline and sentence as blocks, the rest beside a colour.

    Slack may fold an attachment away, but not the blocks of the message: so those hold what must be seen.
    """
    head = [_header(alert), _rich(_section(_text(view.summary(alert) or view.title(alert))))]
    for resources, with_links in ((MAX_RESOURCES, True), (MAX_RESOURCES, False), (3, False), (0, False)):
        rest = list(_details(alert, resources, with_links=with_links))
        if len(json.dumps([head, rest], ensure_ascii=False)) <= MAX_MESSAGE_CHARACTERS:
            break
    return {
        "text": fallback(alert),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": head,
        "attachments": [{"color": COLOURS[alert.severity], "fallback": fallback(alert), "blocks": rest}],
    }


def fallback(alert: Alert) -> str:
    """Return the line that a phone's notification shows and a screen reader reads."""
    return clip(inert(f"{_headline(alert)}: {view.summary(alert)}"), MAX_FALLBACK)


def _headline(alert: Alert) -> str:
    sign = view.TEST_SIGN + " TEST " if alert.test else ""
    return f"{sign}{view.SEVERITY_SIGNS[alert.severity]} {alert.severity.capitalize()}: {view.title(alert)}"


def _header(alert: Alert) -> Element:
    return {"type": "header", "text": _plain(_headline(alert), MAX_HEADER)}


def _details(alert: Alert, resources: int, *, with_links: bool) -> Iterator[Element]:
    yield _rich(_section(*_lines(alert)))
    if alert.resources:
        yield _rich(*_resources(alert, resources, with_links=with_links))
    if command := view.undo(alert):
        yield _rich(
            _section(_text("Undo", BOLD), _text(" (check before you run it)")),
            {"type": "rich_text_preformatted", "elements": [_text(command)]},
        )
    if steps := view.runbook_steps(alert):
        yield _rich(_section(_text("Runbook\n", BOLD), *_with_code(steps)))
    if buttons := _buttons(alert):
        yield {"type": "actions", "elements": buttons}
    yield _context(alert)


def _lines(alert: Alert) -> Iterator[Element]:
    for line in view.lines(alert):
        yield _text(f"{line.label}  ", BOLD)
        details = "".join(f" · {detail}" for detail in line.details)
        yield _text(f"{line.value}{details}\n")
    found = view.parameters(alert, MAX_PARAMETERS)
    if found:
        yield _text("With  ", BOLD)
        yield _text(" · ".join(f"{name} {value}" for name, value in found))


def _resources(alert: Alert, count: int, *, with_links: bool) -> Iterator[Element]:
    noun = "resource" if alert.resource_count == 1 else "resources"
    yield _section(_text(f"{alert.resource_count:,} {noun}", BOLD))
    shown = alert.resources[:count]
    items = [_resource(alert, resource, with_link=with_links) for resource in shown]
    rest = alert.resource_count - len(shown)
    if rest:
        items.append(_section(_text(f"and {rest:,} more" if shown else f"{rest:,}, named in the e-mail")))
    yield {"type": "rich_text_list", "style": "bullet", "elements": items}


def _resource(alert: Alert, resource: Resource, *, with_link: bool) -> Element:
    label = view.resource_label(resource) or "unnamed"
    link = web_address(resource.url, MAX_LINK) if with_link else None
    name = {"type": "link", "url": link, "text": label} if link else _text(label, {"code": True})
    kind = view.resource_kind(alert, resource)
    return _section(name, *([_text(f"  {kind}")] if kind else []))


def _buttons(alert: Alert) -> list[Element]:
    words = view.button_words(alert)
    return [
        {"type": "button", "action_id": f"open-{page}", "text": _plain(words[page], MAX_BUTTON), "url": url}
        for page, url in links(alert).items()
    ]


def _with_code(text: str) -> Iterator[Element]:
    """Yield what the config's author wrote, with what stands between backticks as code."""
    for number, part in enumerate(text.split("`")):
        if part:
            yield _text(part, {"code": True} if number % 2 and "\n" not in part else None)


def _context(alert: Alert) -> Element:
    parts = (
        f"Rule {visible(alert.rule.id)}",
        f"event {quote(alert.event.id, view.MAX_VALUE)}",
        alert.event.request_id and f"request {quote(alert.event.request_id, view.MAX_VALUE)}",
        f"config {visible(alert.config_version)}",
    )
    text = " · ".join(part for part in parts if part)
    return {"type": "context", "elements": [_plain(text, MAX_CONTEXT)]}


def _rich(*elements: Element) -> Element:
    return {"type": "rich_text", "elements": list(elements)}


def _section(*elements: Element) -> Element:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str, style: Mapping[str, bool] | None = None) -> Element:
    return {"type": "text", "text": text, **({"style": dict(style)} if style else {})}


def _plain(text: str, limit: int) -> Element:
    return {"type": "plain_text", "text": escape(text, limit), "emoji": False}
