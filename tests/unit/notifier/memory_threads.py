"""What `threads.Threads` promises, in memory."""

from collections.abc import Sequence

from trailbell.tables.threads import Posted


class MemoryThreads:
    """Remembers messages."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Posted] = {}

    def find(self, destination: str, key: str) -> Posted | None:
        return self.kept.get((destination, key))

    def keep(self, destination: str, keys: Sequence[str], posted: Posted) -> None:
        self.kept |= {(destination, key): posted for key in keys}
