"""Narrows the rules down to the few that a record can match, one field at a time.

Most of what rules ask is about a few fields with few values in an account: event source, event name, error code, kind
of identity. The automaton reads those in a fixed order. A state is the set of candidates that are still possible; its
table says which state follows for each value seen so far. A new value is worked out once, by asking the candidates, and
kept. So a record costs one dictionary look-up a field, however many rules there are, and start-up next to nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from trailbell.pattern import MISSING, Condition, Conjunction, Matcher, compile_conjunction
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

MOST_TRANSITIONS = 50_000
"""When so many are kept, all are forgotten: at about 150 bytes each, that bounds the memory."""

_FLAGS = frozenset({("readOnly",), ("managementEvent",)})
"""Stages whose values are booleans."""


class Part:
    """A conjunction in two halves: what the record answers, and what only the facts do."""

    __slots__ = ("facts", "record")

    def __init__(self, conjunction: Conjunction) -> None:
        plain = tuple(condition for condition in conjunction if condition.path[0] != FACTS_KEY)
        facts = tuple(condition for condition in conjunction if condition.path[0] == FACTS_KEY)
        self.record: Matcher | None = compile_conjunction(plain) if plain else None
        self.facts: Matcher | None = compile_conjunction(facts) if facts else None


class Candidate:
    """One conjunction of one rule."""

    __slots__ = ("number", "part", "rule", "stages")

    def __init__(self, conjunction: Conjunction, *, rule: int, number: int) -> None:
        self.rule = rule
        """The rule's place in the rule set."""
        self.number = number
        """Its own place among all candidates."""
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


_STAGE_OF: Mapping[tuple[str, ...], int] = {path: stage for stage, path in enumerate(STAGES)}

Group = tuple[int, tuple[Part, ...]]
"""A rule's place, and what is left to ask of it: one of the parts must hold. Those that need no facts come first."""


class State(dict[Any, "State"]):
    """What is still possible after some fields. As a dictionary: the state that follows on each value seen so far."""

    __slots__ = ("_follow", "field", "groups", "members", "read", "stage", "steps")

    def __init__(
        self, members: Sequence[Candidate], stage: int | None, follow: Callable[["State", Any], "State"]
    ) -> None:
        super().__init__()
        self.members = members
        self.stage = stage
        """What to read next; None where nothing is left to read."""
        self._follow = follow
        path = STAGES[stage or 0]
        self.field, self.steps = path[0], path[1:]
        self.read: Callable[[object], Any] = attrgetter(".".join(path))
        """Reads the stage's value from an outline (`wire.Outline`)."""
        self.groups: tuple[Group, ...] = ()
        if stage is None:
            groups: dict[int, list[Part]] = {}
            for member in members:
                groups.setdefault(member.rule, []).append(member.part)
            self.groups = tuple(
                (rule, tuple(sorted(parts, key=lambda part: part.facts is not None))) for rule, parts in groups.items()
            )

    def __missing__(self, value: Any) -> "State":
        """Work out what follows on a value, and keep it where nothing else can be mistaken for it: `1 == True`."""
        following = self._follow(self, value)
        if type(value) is str or value is None or value is MISSING:
            self[value] = following
        return following


class FlagState(State):
    """A state that reads a boolean."""

    __slots__ = ("_no", "_yes")

    _no: State
    _yes: State

    def __getitem__(self, value: Any) -> State:
        try:
            if value is False:
                return self._no
            if value is True:
                return self._yes
        except AttributeError:
            following = self._follow(self, value)
            if value:
                self._yes = following
            else:
                self._no = following
            return following
        return super().__getitem__(value)


class Unfit(Exception):  # noqa: N818 - no error: it never leaves the rule set
    """A field has a shape that no stage expects."""


class Automaton:
    """The candidates of all rules, and the states found so far."""

    __slots__ = ("_states", "_transitions", "candidates", "start")

    def __init__(self, rules: Sequence[Rule]) -> None:
        ways = [(place, way) for place, rule in enumerate(rules) for way in rule.match.conjunctions]
        self.candidates = tuple(Candidate(way, rule=place, number=number) for number, (place, way) in enumerate(ways))
        self._forget()

    def _forget(self) -> None:
        self._states: dict[tuple[int | None, tuple[int, ...]], State] = {}
        self._transitions = 0
        self.start = self._state(self.candidates, -1)

    def narrow(self, record: Mapping[str, Any]) -> tuple[Group, ...] | None:
        """Return the rules that the record can still match; None where a field has a shape that no stage expects."""
        state, get = self.start, record.get
        try:
            while state.stage is not None:
                value = get(state.field, MISSING)
                for step in state.steps:
                    value = value.get(step, MISSING)
                state = state[value]
        except (AttributeError, TypeError, Unfit):
            # An object is a list, a string or null, or a value is an object: rare, and worth a second, careful look.
            return self._narrow_carefully(record)
        return state.groups

    def narrow_outline(self, outline: object) -> tuple[Group, ...] | None:
        """Do what `narrow` does for a `wire.Outline`; None, too, where that has no such object."""
        state = self.start
        try:
            while state.stage is not None:
                state = state[state.read(outline)]
        except (AttributeError, TypeError, Unfit):
            return None
        return state.groups

    def _narrow_carefully(self, record: Mapping[str, Any]) -> tuple[Group, ...] | None:
        state = self.start
        try:
            while state.stage is not None:
                value = record.get(state.field, MISSING)
                for step in state.steps:
                    if type(value) is list:
                        return None
                    value = value.get(step, MISSING) if type(value) is dict else MISSING
                # An object is no value: its fields are.
                state = state[MISSING if type(value) is dict else value]
        except (TypeError, Unfit):
            return None
        return state.groups

    def _state(self, members: Sequence[Candidate], done: int) -> State:
        """Return the state of these candidates after a stage; equal ones are one object."""
        stage = min((stage for member in members for stage in member.stages if stage > done), default=None)
        key = (stage, tuple(member.number for member in members))
        state = self._states.get(key)
        if state is None:
            kind = FlagState if stage is not None and STAGES[stage] in _FLAGS else State
            state = self._states[key] = kind(members, stage, self._follow)
        return state

    def _follow(self, state: State, value: Any) -> State:
        """Work out which state follows on a value. Raises Unfit."""
        stage = state.stage or 0
        if not (value is None or value is MISSING or type(value) is str or type(value) is bool):
            raise Unfit
        members = [
            member
            for member in state.members
            if (condition := member.stages.get(stage)) is None
            or (condition.absent if value is MISSING else condition.test(value))
        ]
        if self._transitions >= MOST_TRANSITIONS:
            self._forget()
        self._transitions += 1
        return self._state(members, stage)
