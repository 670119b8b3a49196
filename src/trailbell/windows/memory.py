"""A store in memory: for tests, and for trying rules out. It forgets with the process."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from trailbell.windows.store import MAX_TRAITS, Closed, Sighting, Window


@dataclass(slots=True, kw_only=True)
class _Opened:
    event_id: str
    ends_at_ms: int
    earlier_repeats: int
    repeats: int = 0
    traits: dict[str, set[str]] = field(default_factory=dict)

    def seen_by(self, event_id: str) -> Window:
        return Window(mine=self.event_id == event_id, earlier_repeats=self.earlier_repeats, ends_at_ms=self.ends_at_ms)

    def note(self, traits: Mapping[str, str]) -> None:
        if sum(map(len, self.traits.values())) < MAX_TRAITS:
            for name, value in traits.items():
                self.traits.setdefault(name, set()).add(value)


class MemoryStore:
    """Implements `windows.Store`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._windows: dict[str, _Opened] = {}
        self._closed: dict[tuple[str, str], Closed] = {}
        self._began: dict[str, int] = {}
        self._notes: dict[str, list[Sighting]] = {}
        self._seen: dict[str, tuple[Sighting, int]] = {}
        """Key -> what made it new, and when it was seen last, in milliseconds."""

    def open(self, key: str, *, event_id: str, now_ms: int, window_ms: int) -> Window | None:
        """Open a window unless one is open."""
        with self._lock:
            last = self._windows.get(key)
            if last is None or last.ends_at_ms <= now_ms:
                repeats = last.repeats if last else 0
                last = _Opened(event_id=event_id, ends_at_ms=now_ms + window_ms, earlier_repeats=repeats)
                self._windows[key] = last
            return last.seen_by(event_id) if last.event_id == event_id else None

    def repeat(self, key: str, *, event_id: str, now_ms: int, traits: Mapping[str, str]) -> Window | None:
        """Count a repeat in the open window."""
        with self._lock:
            current = self._windows.get(key)
            if current is None or current.ends_at_ms <= now_ms:
                return None
            if current.event_id != event_id:
                current.repeats += 1
                current.note(traits)
            return current.seen_by(event_id)

    def close(self, key: str, *, event_id: str, now_ms: int) -> Closed | None:
        """Return what a window counted, and forget it."""
        with self._lock:
            if (key, event_id) not in self._closed:
                last = self._windows.get(key)
                if last is None or last.event_id != event_id or last.ends_at_ms > now_ms:
                    return None
                traits = {name: tuple(sorted(values)) for name, values in last.traits.items()}
                self._closed[key, event_id] = Closed(repeats=last.repeats, traits=traits)
                last.repeats, last.traits = 0, {}
            return self._closed[key, event_id]

    def note(self, key: str, sighting: Sighting, *, now_ms: int, window_ms: int, count: int) -> Sequence[Sighting]:
        """Remember a sighting, return its neighbours."""
        del now_ms
        with self._lock:
            notes = self._notes.setdefault(key, [])
            place = bisect_left(notes, sighting)
            if notes[place : place + 1] != [sighting]:
                notes.insert(place, sighting)
            nearest = notes[max(0, place - count + 1) : place + count]
        return [each for each in nearest if abs(each.at_ms - sighting.at_ms) < window_ms]

    def begin(self, key: str, *, at_ms: int) -> int:
        """Return when the key began."""
        with self._lock:
            self._began[key] = min(self._began.get(key, at_ms), at_ms)
            return self._began[key]

    def see(self, key: str, sighting: Sighting, *, now_ms: int, window_ms: int) -> bool:
        """Remember that the key was seen."""
        del now_ms
        with self._lock:
            first, last_ms = self._seen.get(key, (None, None))
            if first is None or last_ms is None or last_ms <= sighting.at_ms - window_ms:
                self._seen[key] = (sighting, sighting.at_ms)
                return True
            self._seen[key] = (first, max(last_ms, sighting.at_ms))
            return first.event_id == sighting.event_id
