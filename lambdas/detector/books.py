"""The books of one invocation: what came in is what went out, counted on both sides."""

from trailbell.contract.outcomes import EVENT_METRICS, METRICS, Settlement

RECEIVED, *_KINDS = EVENT_METRICS
_OF_EVENTS = frozenset(_KINDS)
_OF_FINDINGS = frozenset(METRICS.values())


class Books:
    """Counts one event and its findings."""

    def __init__(self) -> None:
        self.entries: dict[str, int] = {}

    def count(self, metric: str, value: int = 1) -> None:
        """Count an event or its findings."""
        self.entries[metric] = self.entries.get(metric, 0) + value

    def settle(self, outcome: Settlement) -> None:
        """Count what became of one finding."""
        self.count(METRICS[outcome])

    @property
    def balanced(self) -> bool:
        """Tell whether every event and every finding is accounted for."""
        events = settled = 0
        for name, value in self.entries.items():
            if name in _OF_EVENTS:
                events += value
            elif name in _OF_FINDINGS:
                settled += value
        return self.entries.get(RECEIVED, 0) == events and self.entries.get("Findings", 0) == settled

    def close(self) -> bool:
        """Count `Unbalanced` where something is not accounted for. Tell whether all is."""
        if self.balanced:
            return True
        self.count("Unbalanced")
        return False
