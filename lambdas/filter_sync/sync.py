"""The order of the steps: at no moment does a filter hold back what a live rule can match.

EventBridge changes one rule at a time, and takes a while to heed it. So no set of slots is rewritten unless the other
one is on and holds all that is needed, since long enough to be heeded.
"""

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from trailbell.contract.names import SlotSet
from trailbell.contract.places import Place
from trailbell.functions.filter_sync.event_bridge import Found
from trailbell.functions.filter_sync.layout import Layout


class Filters(Protocol):
    """Both sets of slots of one place."""

    place: Place

    def read(self, kind: SlotSet, /) -> Found | None:
        """Return what a set holds, None where it does not exist."""

    def write(self, kind: SlotSet, layout: Layout, /) -> None:
        """Make a set hold a layout."""

    def switch_off(self, kind: SlotSet, /) -> None:
        """Disable a set."""


class Outcome(Enum):
    """What became of a place's filters."""

    CHANGED = "changed"
    IN_LINE = "in line"
    ABSENT = "absent"
    """The place's stack is not deployed, or not as this one is: nothing was touched."""


def widen(filters: Filters, needed: Layout, heeded: Callable[[], None]) -> Outcome:
    """Let through what is needed, besides all that is let through now."""
    live, slot = filters.read("live"), filters.read("slot")
    if live is None or slot is None:
        return Outcome.ABSENT
    if needed in (live.layout, slot.layout):
        return Outcome.IN_LINE
    filters.write(_spare(live, slot), needed)
    heeded()
    return Outcome.CHANGED


def settle(filters: Filters, needed: Layout, heeded: Callable[[], None]) -> Outcome:
    """Make the live slots hold what is needed and switch the others off."""
    live, slot = filters.read("live"), filters.read("slot")
    if live is None or slot is None:
        return Outcome.ABSENT
    if live.layout == needed and slot.off:
        return Outcome.IN_LINE
    if live.layout != needed:
        if _spare(live, slot) == "slot" and slot.layout != needed:
            filters.write("slot", needed)
            heeded()
        filters.write("live", needed)
        heeded()
        live = filters.read("live")
    # Read back, because somebody else may have been at it meanwhile.
    if live and live.layout == needed:
        filters.switch_off("slot")
    return Outcome.CHANGED


def _spare(live: Found, slot: Found) -> SlotSet:
    """Return the set that may be rewritten because nothing depends on it.

    The deployment's, once filter sync has filled the live ones; where somebody else changed a live one, too, unless the
    deployment's are on: then they are what lets events through.
    """
    return "slot" if live.whole or slot.off else "live"
