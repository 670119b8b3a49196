"""What became of a scenario, and what of it must not be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localaws.scenario.grants import UnusedGrant
from localaws.scenario.leftovers import Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a scenario."""

    sent: int
    missed: Sequence[str]
    """Ids of events."""
    twice: Sequence[str]
    """Ids of events."""
    per_second: float
    refused: Sequence[Mapping[str, Any]]
    taken: Mapping[str, int]
    """Destination -> how many of the scenario's alerts to everywhere it took."""
    wanted: int
    """How many it should have taken."""
    dead: Mapping[str, int]
    """Queue -> dead letters."""
    left: Sequence[Thing]
    """What the stacks left behind."""
    unused: Sequence[UnusedGrant]

    def faults(self) -> Iterator[str]:
        """Yield what must not be."""
        yield from (f"missed: the alert of {event}" for event in self.missed)
        yield from (f"twice: the alert of {event}" for event in self.twice)
        yield from (f"refused: {each['action']} on {each['resource']} ({each['reason']})" for each in self.refused)
        yield from (
            f"{name} took {count} of {self.wanted} alerts" for name, count in self.taken.items() if count != self.wanted
        )
        yield from (f"dead letters: {count} in {name}" for name, count in self.dead.items() if count)
        yield from (f"left behind: {' '.join(thing)}" for thing in self.left if not _is_audit_log(thing))


def _is_audit_log(thing: Thing) -> bool:
    """Tell whether it is the trail's bucket, which the README says stays."""
    _, kind, name = thing
    return kind == "bucket" and name.startswith("trailbell-trailbucket")
