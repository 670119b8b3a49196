"""A message that stands in Slack already, once its window is over: how often it was seen again."""

from collections.abc import Mapping
from typing import Any

from trailbell.alert import FollowUp


def with_repeats(message: Mapping[str, Any], follow_up: FollowUp) -> dict[str, Any]:
    """Return what `chat.update` puts in a message's place: the same, and the count.

    The count stands in the message's own blocks, which Slack does not fold away.
    """
    count = f"Seen {follow_up.repeats:,} more {'time' if follow_up.repeats == 1 else 'times'}"
    elements = [
        {"type": "text", "text": count, "style": {"bold": True}},
        {"type": "text", "text": "; what differed is in the thread"},
    ]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
    return {
        "text": f"{message['text']} ({count})",
        "blocks": [*message["blocks"], block],
        "attachments": message["attachments"],
    }
