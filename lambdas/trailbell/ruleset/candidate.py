"""What the automaton moves about: the ways that rules can match or be silenced, and what is left to ask of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trailbell.pattern import Condition, Conjunction, Matcher, compile_conjunction
from trailbell.rules import Rule

FACTS_KEY = "trailbell"
"""Where patterns see the facts."""

STAGES: tuple[tuple[str, ...], ...] = (
    ("eventSource",),
    ("eventName",),
    ("errorCode",),
    ("userIdentity", "type"),
    ("userIdentity", "invokedBy"),
    ("readOnly",),
    ("eventType",),
    ("awsRegion",),
    ("eventCategory",),
    ("managementEvent",),
    ("recipientAccountId",),
    ("userIdentity", "accountId"),
    ("userIdentity", "sessionContext", "attributes", "mfaAuthenticated"),
)
"""The fields it reads, in this order: few values each, and none that a caller can choose freely."""

_STAGE_OF: Mapping[tuple[str, ...], int] = {path: stage for stage, path in enumerate(STAGES)}


class Part:
    """A conjunction in two halves: what the record answers, and what only the facts do."""

    __slots__ = ("facts", "record")

    def __init__(self, conjunction: Conjunction) -> None:
        plain = tuple(condition for condition in conjunction if condition.path[0] != FACTS_KEY)
        facts = tuple(condition for condition in conjunction if condition.path[0] == FACTS_KEY)
        self.record: Matcher | None = compile_conjunction(plain) if plain else None
        self.facts: Matcher | None = compile_conjunction(facts) if facts else None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to ask."""
        return self.record is None and self.facts is None


class Candidate:
    """One conjunction of one rule, or of one of its exceptions."""

    __slots__ = ("excepts", "last", "number", "part", "place", "stages")

    def __init__(self, conjunction: Conjunction, *, place: int, number: int, excepts: bool) -> None:
        self.place = place
        """The rule's place in the rule set."""
        self.number = number
        """Its own place among all candidates."""
        self.excepts = excepts
        """Whether it silences the rule."""
        self.stages: dict[int, Condition] = {}
        """Conditions that the automaton decides, by stage."""
        rest = []
        for condition in conjunction:
            stage = _STAGE_OF.get(condition.path)
            if stage is None:
                rest.append(condition)
            else:
                self.stages[stage] = condition
        self.part = Part(tuple(rest))
        """What is left to ask."""
        self.last = max(self.stages, default=-1)
        """The stage that decides the last of its conditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is left to ask about one rule. In both lists, what needs no facts comes first."""

    rule: Rule
    parts: tuple[Part, ...]
    """One must hold."""
    exceptions: tuple[Part, ...]
    """None must."""

    @property
    def settled(self) -> bool:
        """Whether nothing is left to ask: it matches."""
        return not self.exceptions and self.parts[0].settled


def make_group(rule: Rule, parts: Iterable[Part], exceptions: Iterable[Part]) -> Group:
    """Return what is left to ask, in the order that asks the facts last."""
    by_cost = sorted(parts, key=lambda part: (not part.settled, part.facts is not None))
    return Group(
        rule=rule, parts=tuple(by_cost), exceptions=tuple(sorted(exceptions, key=lambda part: part.facts is not None))
    )
