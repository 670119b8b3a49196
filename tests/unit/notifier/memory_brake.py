"""What the storm brake remembers, in memory."""

from collections.abc import Sequence

from trailbell.brake import Due

Minute = tuple[str, str]


class MemoryBrake:
    """Implements `brake.BrakeStore`."""

    def __init__(self) -> None:
        self.seen: dict[Minute, int] = {}
        self.folded: dict[Minute, dict[str, str]] = {}
        self.due: dict[Minute, Due] = {}
        self.closed: set[Minute] = set()

    def count(self, destination: str, minute: str) -> int:
        key = (destination, minute)
        self.seen[key] = self.seen.get(key, 0) + 1
        return self.seen[key]

    def fold(self, destination: str, minute: str, alert_id: str, document: str, due: Due) -> bool:
        if (destination, minute) in self.closed:
            return False
        self.folded.setdefault((destination, minute), {})[alert_id] = document
        self.due[destination, minute] = due
        return True

    def close(self, destination: str, minute: str) -> Sequence[str]:
        self.closed.add((destination, minute))
        return list(self.folded.get((destination, minute), {}).values())
