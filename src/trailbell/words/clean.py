"""Make text from a record safe to show: what a user of the account wrote may look like anything, but do nothing."""

import re
import unicodedata
from urllib.parse import urlsplit

MAX_URL_CHARACTERS = 3000
"""The longest link that any destination takes: Slack's limit for a button's `url`."""
MAX_COMBINING_MARKS = 4
"""On one letter. No script needs more; with more, a name can paint over the lines around it."""

_BLANKS = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that count as printable but show nothing: two names could look the same, or a name look empty."""
_MARKS = re.compile(
    rf"(?:[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]){{{MAX_COMBINING_MARKS},}}"
)
_WEB_ADDRESS = re.compile(r"(?i)\b(https?|ftp)://")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def visible(text: str) -> str:
    r"""Return text on one line with nothing hidden in it.

    Newlines, control, format and direction characters, unpaired surrogates, blank letters and piles of combining marks
    are shown as escapes, as Python writes them: `\n`, `\u202e`.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _MARKS.sub(lambda found: found[0][:MAX_COMBINING_MARKS] + _escape(found[0][MAX_COMBINING_MARKS:]), text)
    return "".join(letter if letter.isprintable() and letter not in _BLANKS else _escape(letter) for letter in text)


def _escape(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")


def clip(text: str, limit: int) -> str:
    """Return text in at most `limit` characters: its beginning and its end, and how long it was."""
    if len(text) <= limit:
        return text
    note = f"… ({len(text):,} characters) …"
    room = limit - len(note)
    if room < len(note):
        return text[: limit - 1] + "…"
    head = room * 2 // 3
    return text[:head] + note + text[len(text) - (room - head) :]


def quote(text: str, limit: int) -> str:
    """Return text from a record, to be shown to people: visible, clipped, with no address that a reader would link.

    Right-to-left letters are kept from reordering what stands beside them (Unicode's first-strong isolate).
    """
    # A long name is cut before it is looked at, so that rendering stays linear in what is shown.
    text = visible(clip(text, 4 * limit))
    text = clip(_WEB_ADDRESS.sub(r"\1[:]//", text), limit)
    if not text.isascii() and any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return f"{_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def web_address(url: str | None, limit: int = MAX_URL_CHARACTERS) -> str | None:
    """Return the URL if it may be shown as a link: http or https, with a host, in plain ASCII, and not too long."""
    if not url or len(url) > limit or not url.isascii() or not url.isprintable() or set(url) & set(' <>"|\\^`{}'):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else None
