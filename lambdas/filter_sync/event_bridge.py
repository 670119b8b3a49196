"""The slots of one place: EventBridge rules, read and written. Their targets are never touched."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailbell.contract.names import RuleState, SlotSet, slot_name
from trailbell.contract.places import Place
from trailbell.functions.filter_sync.layout import Layout, Slot, canonical, fingerprint

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

READS_AT_ONCE = 8
"""Other regions are read at the same time, too."""
_WRITTEN = re.compile(r"layout ([0-9a-f]{12})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A set of slots as it stands."""

    layout: Layout
    whole: bool
    """Whether filter sync wrote all of it in one go, and nobody changed it since."""

    @property
    def off(self) -> bool:
        """Whether it lets nothing through."""
        return all(slot.state == RuleState.DISABLED for slot in self.layout)


class Slots:
    """Both sets of one place."""

    def __init__(self, client: "EventBridgeClient", *, place: Place, prefix: str, generation: str, count: int) -> None:
        """Take the place's client. `generation` tells this deployment's live slots from an earlier one's."""
        self.place = place
        self._client = client
        self._prefix = prefix
        self._generation = generation
        self._count = count

    def read(self, kind: SlotSet) -> Found | None:
        """Return what a set holds; None where the place has no such rules: its stack is not deployed."""
        names = [self._name(kind, number) for number in range(1, self._count + 1)]
        try:
            # At once, because another region's EventBridge is far away.
            with ThreadPoolExecutor(max_workers=min(self._count, READS_AT_ONCE)) as pool:
                rules = list(pool.map(lambda name: self._client.describe_rule(Name=name), names))
        except self._client.exceptions.ResourceNotFoundException:
            return None
        layout = tuple(
            Slot(
                pattern=canonical(json.loads(rule.get("EventPattern", "{}"))),
                state=RuleState(rule.get("State", RuleState.DISABLED)),
            )
            for rule in rules
        )
        marks = [_WRITTEN.search(rule.get("Description", "")) for rule in rules]
        return Found(layout=layout, whole={mark and mark[1] for mark in marks} == {fingerprint(layout)})

    def write(self, kind: SlotSet, layout: Layout) -> None:
        """Make a set hold a layout."""
        mark = fingerprint(layout)
        for number, slot in enumerate(layout, start=1):
            self._client.put_rule(
                Name=self._name(kind, number),
                EventPattern=slot.pattern,
                State=slot.state.value,
                Description=f"Trailbell, {kind} filter {number} of {self._count}, layout {mark}",
            )

    def switch_off(self, kind: SlotSet) -> None:
        """Disable a set."""
        for number in range(1, self._count + 1):
            self._client.disable_rule(Name=self._name(kind, number))

    def _name(self, kind: SlotSet, number: int) -> str:
        return slot_name(self._prefix, kind, number, generation=self._generation)
