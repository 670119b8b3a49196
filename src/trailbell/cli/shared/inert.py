"""JSON and text of records that a terminal takes as nothing but text."""

import json
import re
import textwrap
from typing import Any

from rich.syntax import Syntax
from rich.text import Text

_HIDDEN = re.compile(r"[^\x20-\x7e\n]")


def inert_json(value: Any, *, indent: int | None = None) -> str:
    """Return JSON in which letters are letters, and whatever hides, moves or turns text is escaped.

    It reads back to the same value.
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], text)


def highlighted(value: Any, *, margin: str = "") -> Text:
    """Return JSON in colours, for a console that has them."""
    painter = Syntax("", "json", theme="ansi_dark", background_color="default")
    text = painter.highlight(textwrap.indent(inert_json(value, indent=2), margin))
    text.rstrip()
    return text
