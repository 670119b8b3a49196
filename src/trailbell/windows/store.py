"""The store: what the windows remember, whoever keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

MAX_TRAITS = 50
"""Values that a window keeps of its repeats: enough to tell what differed, and no burst can fill the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An open window, as one finding sees it."""

    mine: bool
    """Whether this finding opened it."""
    earlier_repeats: int
    """How many repeats of the window before this one nobody was told of."""
    ends_at_ms: int
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What a window counted."""

    repeats: int
    traits: Mapping[str, tuple[str, ...]]
    """What the repeats were like: trait -> its values, at most `MAX_TRAITS` of all together."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Sighting:
    """One finding that a threshold counts."""

    at_ms: int
    """Its event's time, milliseconds since 1970."""
    event_id: str


class Store(Protocol):
    """What the windows remember. Each method is atomic under concurrency, and raises StateError where it cannot answer.

    A key belongs to one rule, one kind of window and one set of values; event ids tell findings of that key apart.
    """

    def open(self, key: str, *, event_id: str, now_ms: int, window_ms: int) -> Window | None:
        """Open a window unless one is open. None where another finding's window is open."""

    def repeat(self, key: str, *, event_id: str, now_ms: int, traits: Mapping[str, str]) -> Window | None:
        """Count a repeat in the open window, unless this finding opened it. None where no window is open."""

    def close(self, key: str, *, event_id: str, now_ms: int) -> Closed | None:
        """Return what the window that this event opened counted, and forget it; asked again, the same.

        None where the window is not over, or where the next one took over its count.
        """

    def note(self, key: str, sighting: Sighting, *, now_ms: int, window_ms: int, count: int) -> Sequence[Sighting]:
        """Remember a sighting once. Return it and its nearest neighbours, in order.

        Neighbours are less than `window_ms` away, at most `count - 1` before and as many after: no more are needed to
        tell whether any `count` of them fall in one window with this one.
        """

    def see(self, key: str, sighting: Sighting, *, now_ms: int, window_ms: int) -> bool:
        """Remember that the key was seen. Tell whether it was new: not seen within the window before."""

    def begin(self, key: str, *, at_ms: int) -> int:
        """Return when the key began, in milliseconds since 1970: the earliest time that it was ever given."""
