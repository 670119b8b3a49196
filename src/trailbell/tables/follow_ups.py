"""Remembers, in the windows table, the follow-ups to come: the window closer tells them when their windows are over."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trailbell.follow_up import PendingFollowUp
    from trailbell.tables.due import DueItems

ENTRY = "due#"
"""With the event's id it is the entry of a pending follow-up, in its window's partition."""


class FollowUps:
    """Writes what is pending."""

    def __init__(self, items: "DueItems") -> None:
        self._items = items

    def remember(self, pending: "PendingFollowUp") -> None:
        """Let a follow-up be due when its window is over. Asked again, nothing changes. Raises StateError."""
        self._items.put(
            pending.window.key,
            ENTRY + pending.alert.event.id,
            at_ms=pending.window.ends_at_ms,
            body=json.dumps(pending.to_json(), separators=(",", ":")),
        )
