"""Text for places where a chat program looks for markup."""

MARKUP: dict[int, str] = str.maketrans(
    {
        "&": "\N{FULLWIDTH AMPERSAND}",
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
        "*": "\N{ASTERISK OPERATOR}",
        "_": "\N{MODIFIER LETTER LOW MACRON}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
        ":": "\N{RATIO}",
        "@": "\N{FULLWIDTH COMMERCIAL AT}",
        "#": "\N{FULLWIDTH NUMBER SIGN}",
        "[": "\N{FULLWIDTH LEFT SQUARE BRACKET}",
        "]": "\N{FULLWIDTH RIGHT SQUARE BRACKET}",
        "|": "\N{DIVIDES}",
        "\\": "\N{FULLWIDTH REVERSE SOLIDUS}",
    }
)
"""What chat programs read as markup -> what looks the same and means nothing to them."""


def inert(text: str) -> str:
    """Return text that reads the same and holds no markup, mention, emoji name or link in any dialect."""
    return text.translate(MARKUP)


def code(text: str) -> str:
    """Return an id in a code span, so that it can be copied as it is; what could end the span is made inert instead."""
    return f"`{text}`" if text.isascii() and not set(text) & set("`<>&\\") else inert(text)


def escape(text: str, limit: int) -> str:
    """Escape the three characters that Slack reads in every text object, cutting so that no escape is torn apart.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    escaped = [{"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(letter, letter) for letter in text]
    if sum(map(len, escaped)) <= limit:
        return "".join(escaped)
    length, kept = 1, []
    for part in escaped:
        length += len(part)
        if length > limit:
            break
        kept.append(part)
    return "".join(kept) + "…"
