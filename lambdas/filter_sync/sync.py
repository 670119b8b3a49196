"""The order of the steps: at no moment does a filter hold back what a live rule can match.

EventBridge changes one rule at a time, and takes a while to heed it. So no set of slots is rewritten unless the other
one is on and holds all that is needed, since long enough to be heeded.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from filter_sync.event_bridge import Found
from filter_sync.layout import Layout
from trailbell.contract.names import SlotSet


class Region(Protocol):
    """Both sets of slots of one region."""

    region: str

    def read(self, kind: SlotSet, /) -> Found | None:
        """Return what a set holds, None where it does not exist."""

    def write(self, kind: SlotSet, layout: Layout, /) -> None:
        """Make a set hold a layout."""

    def switch_off(self, kind: SlotSet, /) -> None:
        """Disable a set."""


def widen(regions: Sequence[Region], needed: Layout, heeded: Callable[[], None]) -> tuple[str, ...]:
    """Let through what is needed, besides all that is let through now. Returns the regions that were changed."""
    changed = []
    for region in regions:
        live, slot = region.read("live"), region.read("slot")
        if live is None or slot is None or needed in (live.layout, slot.layout):
            continue
        region.write(_spare(live, slot), needed)
        changed.append(region.region)
    if changed:
        heeded()
    return tuple(changed)


def settle(regions: Sequence[Region], needed: Layout, heeded: Callable[[], None]) -> tuple[str, ...]:
    """Make the live slots hold what is needed and switch the others off. Returns the regions that were changed."""
    covering, rewriting = [], []
    for region in regions:
        live, slot = region.read("live"), region.read("slot")
        if live is None or slot is None or live.layout == needed:
            continue
        rewriting.append(region)
        if _spare(live, slot) == "slot" and slot.layout != needed:
            region.write("slot", needed)
            covering.append(region)
    if covering:
        heeded()
    for region in rewriting:
        region.write("live", needed)
    if rewriting:
        heeded()
    changed = [region.region for region in rewriting]
    for region in regions:
        live, slot = region.read("live"), region.read("slot")
        if live and slot and live.layout == needed and not slot.off:
            region.switch_off("slot")
            changed.append(region.region)
    return tuple(dict.fromkeys(changed))


def _spare(live: Found, slot: Found) -> SlotSet:
    """Return the set that may be rewritten because nothing depends on it.

    The deployment's, once filter sync has filled the live ones; where somebody else changed a live one, too, unless the
    deployment's are on: then they are what lets events through.
    """
    return "slot" if live.whole or slot.off else "live"
