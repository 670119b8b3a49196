"""A store in memory: for tests, and for trying rules out. It forgets with the process."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from trailbell.windows import Sighting, Window


@dataclass(slots=True, kw_only=True)
class _Opened:
    event_id: str
    ends_at_ms: int
    earlier_repeats: int
    repeats: int = 0


class MemoryStore:
    """Implements `windows.Store`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._windows: dict[str, _Opened] = {}
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
            return Window(mine=True, earlier_repeats=last.earlier_repeats) if last.event_id == event_id else None

    def repeat(self, key: str, *, event_id: str, now_ms: int) -> Window | None:
        """Count a repeat in the open window."""
        with self._lock:
            current = self._windows.get(key)
            if current is None or current.ends_at_ms <= now_ms:
                return None
            mine = current.event_id == event_id
            current.repeats += not mine
            return Window(mine=mine, earlier_repeats=current.earlier_repeats)

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
