"""What becomes of a finding, and the metric that counts it."""

from collections.abc import Mapping
from typing import Literal

Outcome = Literal["alerted", "deduplicated", "suppressed", "below_threshold", "seen_before", "learning"]
"""What becomes of a finding when its event comes once."""
Settlement = Literal[Outcome, "repeated", "in_progress", "failed"]
"""What becomes of one in a deployment: `repeated` where an earlier delivery settled it, `in_progress` where one still
is at it.

Only what failed counts against a config: EventBridge delivers an event twice now and then, whatever the rules say.
"""

METRICS: Mapping[Settlement, str] = {
    "alerted": "Alerted",
    "deduplicated": "Deduplicated",
    "suppressed": "Suppressed",
    "below_threshold": "BelowThreshold",
    "seen_before": "SeenBefore",
    "learning": "Learning",
    "repeated": "Repeated",
    "in_progress": "InProgress",
    "failed": "Failed",
}
EVENT_METRICS = ("Received", "Matched", "Unmatched", "Unreadable", "Heartbeat", "HeartbeatFailed")
"""What the detector counts of events: the first is the sum of the others."""
DELIVERY_METRICS = ("Delivered", "Folded", "Refused", "Retried")
"""What a notifier counts."""
