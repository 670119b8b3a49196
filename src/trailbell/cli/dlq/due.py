"""The way back of what the window closer could not tell: due again, in the table that it sweeps."""

import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trailbell.tables.dynamodb import HasClient


def make_due(table_name: str, dynamodb: "HasClient", body: str) -> None:
    """Let a follow-up, or a digest, be due as if it had never been tried. Raises RecordError and StateError."""
    from trailbell.follow_up import PendingFollowUp
    from trailbell.tables.due import BRAKE_HEAD, DueItems, minute_key
    from trailbell.tables.follow_ups import FollowUps

    items = DueItems(table_name, dynamodb, now_seconds=time.time)
    content: Any = json.loads(body)
    if "digest" in content:
        key = minute_key(content["digest"]["destination"], content["digest"]["minute"])
        items.put(key, BRAKE_HEAD, at_ms=round(time.time() * 1000), body=body)
    else:
        FollowUps(items).remember(PendingFollowUp.from_json(content))
