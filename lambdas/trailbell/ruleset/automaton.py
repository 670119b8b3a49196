"""Narrows the rules down to the few that a record can match, one field at a time.

Most of what rules ask is about a few fields with few values in an account: event source, event name, error code, kind
of identity. The automaton reads those in a fixed order. A state is the set of candidates that are still possible; its
table says which state follows for each value seen so far. A new value is worked out once, by asking the candidates, and
kept. So a record costs one dictionary look-up a field, however many rules there are, and start-up next to nothing.
"""

from collections.abc import Mapping, Sequence
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

_KEYS = (str, bool, type(None), type(MISSING))


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


class State:
    """What is still possible after some fields."""

    __slots__ = ("field", "groups", "members", "stage", "steps", "table")

    def __init__(self, members: Sequence[Candidate], stage: int | None) -> None:
        self.members = members
        self.stage = stage
        """What to read next; None where nothing is left to read."""
        self.table: dict[Any, State] = {}
        path = STAGES[stage] if stage is not None else ("",)
        self.field, self.steps = path[0], path[1:]
        self.groups: tuple[Group, ...] = ()
        if stage is None:
            groups: dict[int, list[Part]] = {}
            for member in members:
                groups.setdefault(member.rule, []).append(member.part)
            self.groups = tuple(
                (rule, tuple(sorted(parts, key=lambda part: part.facts is not None))) for rule, parts in groups.items()
            )


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

    def _state(self, members: Sequence[Candidate], done: int) -> State:
        """Return the state of these candidates after a stage; equal ones are one object."""
        stage = min((stage for member in members for stage in member.stages if stage > done), default=None)
        key = (stage, tuple(member.number for member in members))
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = State(members, stage)
        return state

    def narrow(self, record: Mapping[str, Any]) -> tuple[Group, ...] | None:
        """Return the rules that the record can still match; None where a field has a shape that no stage expects."""
        state = self.start
        while state.stage is not None:
            value = record.get(state.field, MISSING)
            for step in state.steps:
                if type(value) is not dict:
                    if type(value) is list:
                        return None
                    value = MISSING
                    break
                value = value.get(step, MISSING)
            kind = type(value)
            if kind is not str and kind not in _KEYS:
                if kind is not dict:
                    return None
                value = MISSING  # an object is no value: its fields are
            state = state.table.get(value) or self._follow(state, value)
        return state.groups

    def _follow(self, state: State, value: Any) -> State:
        """Work out, and keep, which state follows on a value."""
        stage = state.stage
        assert stage is not None  # noqa: S101 - tells the type checker what `narrow` has just asked
        members = [
            member
            for member in state.members
            if (condition := member.stages.get(stage)) is None
            or (condition.absent if value is MISSING else condition.test(value))
        ]
        if self._transitions >= MOST_TRANSITIONS:
            self._forget()
        self._transitions += 1
        following = state.table[value] = self._state(members, stage)
        return following
