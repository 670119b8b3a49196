"""What the automaton moves about: the ways that rules can match or be silenced."""

from collections.abc import Mapping
from operator import attrgetter

from trailbell.pattern import MISSING, Condition, Conjunction, Matcher, compile_conjunction

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


LIGHT = frozenset(
    {
        ("errorMessage",),
        ("sourceIPAddress",),
        ("userAgent",),
        ("userIdentity", "accessKeyId"),
        ("userIdentity", "arn"),
        ("userIdentity", "principalId"),
        ("userIdentity", "sessionContext", "sessionIssuer", "arn"),
        ("userIdentity", "sessionContext", "sessionIssuer", "userName"),
        ("userIdentity", "userName"),
        ("vpcEndpointId",),
    }
)
"""Fields of one string and many values: rules that no stage keeps apart are looked up by them, or asked first."""

_SCALARS = (str, int, float, bool, type(None))


class Residual:
    """A conjunction in two halves: what the record answers, and what only the facts do."""

    __slots__ = ("facts", "index", "light", "record")

    def __init__(self, conjunction: Conjunction) -> None:
        plain = tuple(condition for condition in conjunction if condition.path[0] != FACTS_KEY)
        facts = tuple(condition for condition in conjunction if condition.path[0] == FACTS_KEY)
        self.record: Matcher | None = compile_conjunction(plain) if plain else None
        self.facts: Matcher | None = compile_conjunction(facts) if facts else None
        light = [condition for condition in plain if condition.path in LIGHT]
        self.index = next((condition for condition in light if condition.exact), None)
        """A condition that lists what a light field may be, so that the part can be looked up by it."""
        self.light = tuple((attrgetter(condition.name), condition) for condition in light)
        """Readers of an outline, and what must hold of what they read."""

    def may_hold(self, outline: object) -> bool:
        """Tell whether the light fields of an outline leave it possible."""
        for read, condition in self.light:
            value = read(outline)
            if value is MISSING:
                if not condition.absent:
                    return False
            elif type(value) in _SCALARS and not condition.test(value):
                return False
        return True

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
        self.part = Residual(tuple(rest))
        """What is left to ask."""
        self.last = max(self.stages, default=-1)
        """The stage that decides the last of its conditions."""
