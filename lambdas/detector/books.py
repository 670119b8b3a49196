"""The books of one invocation: what came in is what went out, counted on both sides."""

from collections import Counter
from collections.abc import Mapping

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

EVENT_ENTRIES = ("Matched", "Unmatched", "Unreadable", "Heartbeat", "HeartbeatFailed")
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


class Books:
    """Counts one event and its findings."""

    def __init__(self) -> None:
        self.entries = Counter[str]()

    def count(self, metric: str, value: int = 1) -> None:
        """Count an event or its findings."""
        self.entries[metric] += value

    def settle(self, outcome: str) -> None:
        """Count what became of one finding. Raises KeyError for an outcome that nobody books."""
        self.count(FINDING_ENTRIES[outcome])

    @property
    def balanced(self) -> bool:
        """Tell whether every event and every finding is accounted for."""
        events = sum(self.entries[name] for name in EVENT_ENTRIES)
        settled = sum(self.entries[name] for name in FINDING_ENTRIES.values())
        return self.entries["Received"] == events and self.entries["Findings"] == settled

    def close(self, metrics: Metrics) -> None:
        """Write the books as metrics, with `Unbalanced` where something is not accounted for."""
        if not self.balanced:
            self.count("Unbalanced")
        for name, value in self.entries.items():
            if value:
                metrics.add_metric(name, MetricUnit.Count, value)
