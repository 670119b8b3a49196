"""Draws Slack messages as an HTML page, to see and to photograph what `trailbell.formats.slack` makes.

It draws what Trailbell sends and refuses every other block, so that nothing goes unseen. It looks for no markup in
text, as Slack looks for none in rich text and plain text.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape, unescape
from typing import Any

Block = Mapping[str, Any]

SIGNS: Mapping[str, str] = {
    "🔴": "#dd2e44",
    "🟠": "#f4900c",
    "🟡": "#fdcb58",
    "🔵": "#55acee",
    "⚪": "#e6e7e8",
}
"""Slack draws emoji as pictures of its own; a page must not depend on the fonts of the machine."""
TEST_TUBE = "🧪"

STYLE = """
@font-face { font-family: Lato; font-weight: 400; src: url(FONTS/lato/files/lato-latin-400-normal.woff2); }
@font-face { font-family: Lato; font-weight: 700; src: url(FONTS/lato/files/lato-latin-700-normal.woff2); }
@font-face { font-family: Lato; font-weight: 900; src: url(FONTS/lato/files/lato-latin-900-normal.woff2); }
@font-face { font-family: "Roboto Mono"; src: url(FONTS/roboto-mono/files/roboto-mono-latin-400-normal.woff2); }
* { box-sizing: border-box; margin: 0; }
body { background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, "Helvetica Neue", Arial, sans-serif;
  padding: 16px; width: 760px; }
.message { padding: 12px 16px 14px; display: grid; grid-template-columns: 36px 1fr; gap: 10px; }
.face { width: 36px; height: 36px; border-radius: 6px; background: #1f3a5f; }
.face svg { display: block; }
.by b { font-weight: 900; } .by span { color: #616061; font-size: 12px; margin-left: 6px; }
.by i { font: 600 10px/14px sans-serif; background: #e8e8e8; color: #616061; padding: 1px 3px; border-radius: 2px;
  margin-left: 4px; vertical-align: 1px; }
h3 { font-size: 18px; line-height: 1.33; font-weight: 900; margin: 4px 0; }
.rich { margin: 2px 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.attachment { border-left: 4px solid; border-radius: 4px; padding: 2px 0 2px 12px; margin: 6px 0 0; }
.attachment > * { margin-bottom: 8px; }
ul { padding-left: 26px; white-space: normal; } li { padding-left: 2px; }
a { color: #1264a3; text-decoration: none; }
code { font: 12px/1.5 "Roboto Mono", Menlo, monospace; color: #c01343; background: #f6f6f6;
  border: 1px solid #dedede; border-radius: 3px; padding: 1px 3px; }
pre { font: 12px/1.5 "Roboto Mono", Menlo, monospace; background: #f8f8f8; border: 1px solid #dedede;
  border-radius: 4px; padding: 8px; margin: 4px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.actions { display: flex; gap: 8px; flex-wrap: wrap; }
.actions a { color: #1d1c1d; font-weight: 700; font-size: 13px; border: 1px solid #bbb; border-radius: 4px;
  padding: 4px 12px; }
.context { color: #616061; font-size: 13px; line-height: 1.4; overflow-wrap: anywhere; }
.sign { width: 1.1em; height: 1.1em; vertical-align: -0.18em; }
"""
BELL = (
    '<svg viewBox="0 0 36 36"><path d="M18 7c-5 0-7 4-7 8 0 6-3 7-3 9h20c0-2-3-3-3-9 0-4-2-8-7-8zm-3 19a3 3 0 0 0 6 0z"'
    ' fill="#fdcb58"/></svg>'
)
FLASK = (
    '<svg class="sign" viewBox="0 0 20 20">'
    '<path d="M7 2h6v2h-1v4l5 8c1 1 0 2-1 2H4c-1 0-2-1-1-2l5-8V4H7z" fill="#5c9dd6" stroke="#34618f"/></svg>'
)


def page(messages: Mapping[str, Mapping[str, Any]], *, fonts: str = "") -> str:
    """Return an HTML page with each message in an element whose id is its name.

    `fonts` is the URL of the folder with the fonts; without it the page takes those of the machine.
    """
    shown = "\n".join(
        f'<div class="message" id="{escape(name)}">{_message(body)}</div>' for name, body in messages.items()
    )
    style = STYLE.replace("FONTS", fonts)
    head = '<!doctype html>\n<meta charset="utf-8">\n<title>Trailbell in Slack</title>'
    return f"{head}\n<style>{style}</style>\n{shown}\n"


def _message(body: Mapping[str, Any]) -> str:
    attachments = "".join(
        f'<div class="attachment" style="border-color:{escape(item["color"])}">{_blocks(item["blocks"])}</div>'
        for item in body.get("attachments", ())
    )
    by = '<div class="by"><b>Trailbell</b><i>APP</i></div>'
    return f'<div class="face">{BELL}</div><div>{by}{_blocks(body.get("blocks", ()))}{attachments}</div>'


def _blocks(blocks: Iterable[Block]) -> str:
    return "".join(_draw(BLOCKS, block) for block in blocks)


def _draw(kinds: Mapping[str, Callable[[Block], str]], block: Block) -> str:
    if block["type"] not in kinds:
        raise ValueError(f"The preview cannot draw {block['type']!r}; teach it in scripts/slack_page.py")
    return kinds[block["type"]](block)


def _plain(text: Block) -> str:
    # Slack decodes its three escapes in every text object.
    return _show(unescape(text["text"]))


def _show(text: str) -> str:
    html = escape(text).replace(TEST_TUBE, FLASK)
    for sign, colour in SIGNS.items():
        html = html.replace(
            sign, f'<svg class="sign" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9" fill="{colour}"/></svg>'
        )
    return html


def _actions(block: Block) -> str:
    buttons = "".join(f'<a href="{escape(item["url"])}">{_plain(item["text"])}</a>' for item in block["elements"])
    return f'<div class="actions">{buttons}</div>'


def _rich_text(block: Block) -> str:
    return f'<div class="rich">{"".join(_draw(RICH_PARTS, part) for part in block["elements"])}</div>'


def _spans(block: Block) -> str:
    return "".join(_draw(SPANS, span) for span in block["elements"])


def _list(block: Block) -> str:
    items = "".join(f"<li>{_spans(item)}</li>" for item in block["elements"])
    return f"<ul>{items}</ul>"


def _span(span: Block) -> str:
    html = _show(span["text"])
    for style, tag in (("bold", "b"), ("italic", "i"), ("code", "code")):
        if span.get("style", {}).get(style):
            html = f"<{tag}>{html}</{tag}>"
    return html


BLOCKS: Mapping[str, Callable[[Block], str]] = {
    "header": lambda block: f"<h3>{_plain(block['text'])}</h3>",
    "rich_text": _rich_text,
    "actions": _actions,
    "context": lambda block: f'<div class="context">{" ".join(map(_plain, block["elements"]))}</div>',
}
RICH_PARTS: Mapping[str, Callable[[Block], str]] = {
    "rich_text_section": lambda block: f"<div>{_spans(block)}</div>",
    "rich_text_list": _list,
    "rich_text_preformatted": lambda block: f"<pre>{_spans(block)}</pre>",
}
SPANS: Mapping[str, Callable[[Block], str]] = {
    "text": _span,
    "link": lambda span: f'<a href="{escape(span["url"])}">{_show(span["text"])}</a>',
}
