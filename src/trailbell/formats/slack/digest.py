"""A digest as a Slack message: how much of what, then a line for each alert as far as the message goes."""

from collections.abc import Iterable
from typing import Any

from trailbell.formats import digest as words
from trailbell.formats.digest import Digest
from trailbell.formats.slack import COLOURS, MAX_FALLBACK, MAX_HEADER
from trailbell.formats.slack.text import escape, inert
from trailbell.words.clean import clip

MAX_RULES = 10
MAX_ALERTS = 35
"""At 220 characters each they stay within what Slack takes of a message (`slack.MAX_MESSAGE_CHARACTERS`)."""


def digest_message(digest: Digest) -> dict[str, Any]:
    """Return the body to post. What comes from records stands in `rich_text`, as in an alert's message."""
    headline = words.headline(digest)
    fallback = clip(inert(headline), MAX_FALLBACK)
    lines = _rich(words.alert_lines(digest, MAX_ALERTS))
    return {
        "text": fallback,
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": escape(headline, MAX_HEADER), "emoji": False}},
            _rich(words.rule_lines(digest, MAX_RULES)),
        ],
        "attachments": [{"color": COLOURS[digest.severity], "fallback": fallback, "blocks": [lines]}],
    }


def _rich(lines: Iterable[str]) -> dict[str, Any]:
    elements = [{"type": "text", "text": f"{line}\n"} for line in lines]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
