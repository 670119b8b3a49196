"""What falls due, in memory."""

from collections.abc import Sequence

from trailbell.tables.due import Found, Leased

Place = tuple[str, str]


class MemoryDue:
    """Stands in for `trailbell.tables.due.DueItems`."""

    def __init__(self) -> None:
        self.at_ms: dict[Place, int] = {}
        self.bodies: dict[Place, str] = {}
        self.tries: dict[Place, int] = {}

    def put(self, key: str, entry: str, *, at_ms: int, body: str) -> None:
        place = (key, entry)
        self.at_ms[place], self.bodies[place], self.tries[place] = at_ms, body, 0

    def look(self, now_ms: int, *, limit: int) -> Sequence[Found]:
        due = sorted((at_ms, place) for place, at_ms in self.at_ms.items() if at_ms <= now_ms)
        return [Found(key=key, entry=entry, at_ms=at_ms) for at_ms, (key, entry) in due[:limit]]

    def lease(self, found: Found, *, until_ms: int) -> Leased | None:
        place = (found.key, found.entry)
        if self.at_ms.get(place) != found.at_ms:
            return None
        self.at_ms[place] = until_ms
        self.tries[place] += 1
        return Leased(
            key=found.key, entry=found.entry, body=self.bodies[place], tries=self.tries[place], until_ms=until_ms
        )

    def done(self, leased: Leased) -> None:
        if self.at_ms.get((leased.key, leased.entry)) == leased.until_ms:
            del self.at_ms[leased.key, leased.entry]
