"""Draws a Block Kit message for a terminal: every text and every link, in order."""

from collections.abc import Iterator, Mapping
from typing import Any


def draw(message: Mapping[str, Any]) -> str:
    """Return a message's blocks and attachments as lines of text."""
    blocks = list(message.get("blocks", []))
    for attachment in message.get("attachments", []):
        blocks += attachment.get("blocks", [])
    return "\n".join(line for block in blocks for line in _block(block))


def _block(block: Mapping[str, Any]) -> Iterator[str]:
    kind = block["type"]
    if kind == "rich_text":
        for element in block["elements"]:
            yield from _rich(element)
    elif kind == "actions":
        for button in block["elements"]:
            yield f"[ {button['text']['text']} ]  {button.get('url', '')}"
    elif kind == "context":
        yield " ".join(_inline(element) for element in block["elements"])
    elif "text" in block:
        yield _inline(block["text"])


def _rich(element: Mapping[str, Any]) -> Iterator[str]:
    if element["type"] == "rich_text_list":
        for item in element["elements"]:
            yield f"  • {_line(item)}"
    else:
        yield from _line(element).split("\n")


def _line(element: Mapping[str, Any]) -> str:
    return "".join(_inline(inner) for inner in element["elements"])


def _inline(element: Mapping[str, Any]) -> str:
    if element["type"] == "link":
        return f"{element.get('text', '')} <{element['url']}>"
    if element["type"] == "emoji":
        return f":{element['name']}:"
    text = element.get("text", "")
    return str(text)
