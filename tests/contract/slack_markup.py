"""What a chat program would read into a message besides plain text, as strictly as its documentation allows.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_READINGS: Mapping[str, re.Pattern[str]] = {
    "special": re.compile(r"<[^<>\s][^<>]*>"),
    "address": re.compile(r"(?i)\b(?:https?|ftp)://[^\s|>]+|\bmailto:\S+"),
    "mail": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "mention": re.compile(r"(?<!\w)@\w+"),
    "channel": re.compile(r"(?<!\w)#\w+"),
    "emoji": re.compile(r":[\w+'-]+:"),
    "bold": re.compile(r"\*+[^\s*][^*\n]*\*"),
    "italic": re.compile(r"(?<!\w)_[^\s_][^_\n]*_(?!\w)"),
    "strike": re.compile(r"~[^\s~][^~\n]*~"),
    "quote": re.compile(r"(?m)^\s*(?:>|&gt;)"),
    "heading": re.compile(r"(?m)^#+ "),
    "markdown link": re.compile(r"\[[^\]]*\]\([^)]*\)"),
    "tick": re.compile(r"`"),
}


def in_markup(text: str) -> set[tuple[str, str]]:
    """Return what stands in a text where markup is read: Slack's mrkdwn, or the Markdown of Teams."""
    # Slack decodes `<...>` before it looks for code.
    found = {("special", item) for item in _READINGS["special"].findall(text)}
    prose = _CODE.sub(" ", text)
    return found | {(kind, item) for kind, reading in _READINGS.items() for item in reading.findall(prose)}


def in_plain_text(text: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return what stands in a `plain_text` object: specials if not escaped, emoji unless switched off."""
    kinds = ("special",) if text.get("emoji") is False else ("special", "emoji")
    found = {(kind, item) for kind in kinds for item in _READINGS[kind].findall(text["text"])}
    loose = re.findall(r"[<>]|&(?!amp;|lt;|gt;)", text["text"])
    return found | {("unescaped", item) for item in loose}


def in_message(message: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return all that Slack would read into a message; links count by their address."""
    found = in_markup(message["text"])
    for attachment in message["attachments"]:
        found |= in_markup(attachment["fallback"])
    for part in parts(message):
        kind = part.get("type")
        if kind == "plain_text":
            found |= in_plain_text(part)
        elif kind == "mrkdwn":
            found |= in_markup(part["text"])
        elif kind in {"link", "button"}:
            found.add(("link", part["url"]))
        elif kind in {"emoji", "user", "usergroup", "channel", "broadcast", "date", "color", "team"}:
            found.add((kind, str(part)))
    return found


def parts(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object in a message."""
    if isinstance(value, Mapping):
        yield value
        for item in value.values():
            yield from parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from parts(item)


def shown(message: Mapping[str, Any]) -> str:
    """Return all that a reader of the message sees, one piece a line."""
    texts = [part["text"] for part in parts(message["blocks"]) if isinstance(part.get("text"), str)]
    texts += [part["text"] for part in parts(message["attachments"]) if isinstance(part.get("text"), str)]
    return "\n".join(texts)
