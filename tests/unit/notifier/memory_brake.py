"""What the storm brake remembers, in memory."""

from collections.abc import Sequence

Minute = tuple[str, str]


class MemoryBrake:
    """Implements `brake.BrakeStore`."""

    def __init__(self) -> None:
        self.seen: dict[Minute, int] = {}
        self.folded: dict[Minute, dict[str, str]] = {}
        self.timers: set[Minute] = set()
        self.closed: set[Minute] = set()

    def count(self, destination: str, minute: str) -> int:
        key = (destination, minute)
        self.seen[key] = self.seen.get(key, 0) + 1
        return self.seen[key]

    def fold(self, destination: str, minute: str, alert_id: str, document: str) -> bool:
        if (destination, minute) in self.closed:
            return False
        self.folded.setdefault((destination, minute), {})[alert_id] = document
        return True

    def has_timer(self, destination: str, minute: str) -> bool:
        return (destination, minute) in self.timers

    def note_timer(self, destination: str, minute: str) -> None:
        self.timers.add((destination, minute))

    def close(self, destination: str, minute: str) -> Sequence[str]:
        self.closed.add((destination, minute))
        return list(self.folded.get((destination, minute), {}).values())
