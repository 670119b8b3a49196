"""The books of one invocation: what came in is what went out, counted on both sides."""

from collections.abc import Mapping

EVENT_ENTRIES = frozenset({"Matched", "Unmatched", "Unreadable", "Heartbeat", "HeartbeatFailed"})
FINDING_ENTRIES: Mapping[str, str] = {
    "alerted": "Alerted",
    "deduplicated": "Deduplicated",
    "suppressed": "Suppressed",
    "below_threshold": "BelowThreshold",
    "seen_before": "SeenBefore",
    "learning": "Learning",
    "repeated": "Repeated",
    "failed": "Failed",
}
"""What becomes of a finding -> the metric that counts it. `repeated`: an earlier delivery settled it."""
_SETTLED = frozenset(FINDING_ENTRIES.values())


class Books:
    """Counts one event and its findings."""

    def __init__(self) -> None:
        self.entries: dict[str, int] = {}

    def count(self, metric: str, value: int = 1) -> None:
        """Count an event or its findings."""
        self.entries[metric] = self.entries.get(metric, 0) + value

    def settle(self, outcome: str) -> None:
        """Count what became of one finding. Raises KeyError for an outcome that nobody books."""
        self.count(FINDING_ENTRIES[outcome])

    @property
    def balanced(self) -> bool:
        """Tell whether every event and every finding is accounted for."""
        events = settled = 0
        for name, value in self.entries.items():
            if name in EVENT_ENTRIES:
                events += value
            elif name in _SETTLED:
                settled += value
        return self.entries.get("Received", 0) == events and self.entries.get("Findings", 0) == settled

    def close(self) -> bool:
        """Count `Unbalanced` where something is not accounted for. Tell whether all is."""
        if self.balanced:
            return True
        self.count("Unbalanced")
        return False
