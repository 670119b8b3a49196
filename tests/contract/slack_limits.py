"""What Slack's documentation says a message may be: shapes and limits of the blocks that Trailbell sends.

https://docs.slack.dev/reference/block-kit/blocks
https://docs.slack.dev/reference/block-kit/block-elements/button-element
https://docs.slack.dev/reference/block-kit/composition-objects/text-object
https://docs.slack.dev/reference/methods/chat.postMessage
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

MAX_BLOCKS = 50
MAX_TEXT_OBJECT = 3000
MAX_HEADER = 150
MAX_BUTTON_TEXT = 75
MAX_URL = 3000
MAX_ACTION_ID = 255
MAX_ACTIONS = 25
MAX_CONTEXT = 10
MAX_FALLBACK = 4000
"""Of `text`: what Slack recommends; it cuts at 40,000."""
MAX_TOTAL = 13_000
"""Of all blocks. Not documented: Slack answers `msg_blocks_too_long` from about 13,200 characters on."""

MESSAGE_KEYS = {"text", "mrkdwn", "unfurl_links", "unfurl_media", "blocks", "attachments"}
ATTACHMENT_KEYS = {"color", "fallback", "blocks"}
KEYS: Mapping[str, tuple[set[str], set[str]]] = {
    "header": ({"type", "text"}, set()),
    "actions": ({"type", "elements"}, set()),
    "context": ({"type", "elements"}, set()),
    "rich_text": ({"type", "elements"}, set()),
    "rich_text_section": ({"type", "elements"}, set()),
    "rich_text_list": ({"type", "elements", "style"}, set()),
    "rich_text_preformatted": ({"type", "elements"}, set()),
    "button": ({"type", "text", "url", "action_id"}, set()),
    "plain_text": ({"type", "text", "emoji"}, set()),
    "text": ({"type", "text"}, {"style"}),
    "link": ({"type", "url", "text"}, {"style"}),
}
"""Type -> keys it must have, keys it may have: those we use."""
CHILDREN: Mapping[str, set[str]] = {
    "actions": {"button"},
    "context": {"plain_text"},
    "rich_text": {"rich_text_section", "rich_text_list", "rich_text_preformatted"},
    "rich_text_section": {"text", "link"},
    "rich_text_list": {"rich_text_section"},
    "rich_text_preformatted": {"text", "link"},
}
MOST: Mapping[str, int] = {"actions": MAX_ACTIONS, "context": MAX_CONTEXT}


def problems(message: Mapping[str, Any]) -> list[str]:
    """Return everything that Slack would refuse or cut, each with its place."""
    return list(_message(message))


def _message(message: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys("message", message, {"text"}, MESSAGE_KEYS)
    yield from _length("text", message.get("text"), MAX_FALLBACK)
    blocks = [("blocks", block) for block in message.get("blocks", [])]
    for number, attachment in enumerate(message.get("attachments", [])):
        where = f"attachments[{number}]"
        yield from _keys(where, attachment, ATTACHMENT_KEYS, ATTACHMENT_KEYS)
        yield from _length(f"{where}.fallback", attachment.get("fallback"), MAX_FALLBACK)
        blocks += [(f"{where}.blocks", block) for block in attachment.get("blocks", [])]
    if not 1 <= len(blocks) <= MAX_BLOCKS:
        yield f"{len(blocks)} blocks"
    total = len(json.dumps([block for _, block in blocks], ensure_ascii=False))
    if total > MAX_TOTAL:
        yield f"{total} characters in all"
    for where, block in blocks:
        yield from _part(where, block, {"header", "actions", "context", "rich_text"})


def _part(where: str, part: Any, allowed: set[str]) -> Iterator[str]:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind not in allowed:
        yield f"{where}: {kind!r} is not allowed here"
        return
    where = f"{where}.{kind}"
    must, may = KEYS[kind]
    yield from _keys(where, part, must, must | may)
    yield from _texts(where, kind, part)
    if "url" in must and (len(part["url"]) > MAX_URL or urlsplit(part["url"]).scheme not in {"http", "https"}):
        yield f"{where}: url {part['url'][:80]!r}"
    if kind in CHILDREN:
        elements = part.get("elements", [])
        if not 1 <= len(elements) <= MOST.get(kind, 1000):
            yield f"{where}: {len(elements)} elements"
        ids = [element["action_id"] for element in elements if "action_id" in element]
        if len(set(ids)) < len(ids) or any(len(name) > MAX_ACTION_ID for name in ids):
            yield f"{where}: action ids {ids}"
        for number, element in enumerate(elements):
            yield from _part(f"{where}[{number}]", element, CHILDREN[kind])


def _texts(where: str, kind: str, part: Mapping[str, Any]) -> Iterator[str]:
    if kind in {"header", "button"}:
        yield from _part(where, part["text"], {"plain_text"})
        yield from _length(where, part["text"].get("text"), MAX_HEADER if kind == "header" else MAX_BUTTON_TEXT)
    elif "text" in part:
        yield from _length(where, part["text"], MAX_TEXT_OBJECT)


def _length(where: str, text: object, limit: int) -> Iterator[str]:
    if not isinstance(text, str) or not 1 <= len(text) <= limit:
        yield f"{where}: {len(text) if isinstance(text, str) else text} characters, allowed are 1 to {limit}"


def _keys(where: str, part: Mapping[str, Any], must: set[str], may: set[str]) -> Iterator[str]:
    if missing := must - part.keys():
        yield f"{where}: misses {sorted(missing)}"
    if unknown := part.keys() - may:
        yield f"{where}: has {sorted(unknown)}"
