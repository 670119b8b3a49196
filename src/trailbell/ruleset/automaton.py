"""Narrows the rules down to the few that a record can match, one field at a time.

Most of what rules ask is about a few fields with few values in an account: event source, event name, error code, kind
of identity. The automaton reads those in a fixed order. A state is the set of candidates that are still possible; its
table says which state follows for each value seen so far. A new value is worked out once, by asking the candidates, and
kept. So a record costs one dictionary look-up a field, however many rules there are, and start-up next to nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from trailbell.pattern import MISSING
from trailbell.rule import Rule
from trailbell.ruleset.candidate import LIGHT, STAGES, Candidate, Residual
from trailbell.ruleset.residuals import Residuals, RuleResidual

_FLAGS = frozenset({("readOnly",), ("managementEvent",)})
"""Stages whose values are booleans."""

MOST_TRANSITIONS = 50_000
"""When so many are kept, all are forgotten: at about 150 bytes each, that bounds the memory."""

_FLAGS = frozenset({("readOnly",), ("managementEvent",)})
"""Stages whose values are booleans."""


class State(dict[Any, "State"]):
    """What is still possible after some fields. As a dictionary: the state that follows on each value seen so far."""

    __slots__ = ("_follow", "answer", "field", "members", "read", "residuals", "stage", "steps")

    def __init__(
        self,
        members: Sequence[Candidate],
        stage: int | None,
        residuals: tuple[RuleResidual, ...],
        follow: Callable[["State", Any], "State"],
    ) -> None:
        super().__init__()
        self.members = members
        self.stage = stage
        """What to read next; None where nothing is left to read."""
        self.residuals = Residuals(residuals)
        """What is left to ask, where nothing is left to read."""
        self.answer = (
            tuple(residual.rule for residual in residuals) if all(residual.settled for residual in residuals) else None
        )
        """The rules that match, where nothing is left to ask either."""
        self._follow = follow
        path = STAGES[stage or 0]
        self.field, self.steps = path[0], path[1:]
        self.read: Callable[[object], Any] = attrgetter(".".join(path))
        """Reads the stage's value from an outline (`JsonReader.outline`)."""

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

    __slots__ = ("_candidates", "_rules", "_states", "_transitions", "start")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        ways = [
            (place, way, pattern is not rule.match)
            for place, rule in enumerate(rules)
            for pattern in (rule.match, *rule.exceptions)
            for way in pattern.conjunctions
        ]
        self._candidates = tuple(
            Candidate(way, place=place, number=number, excepts=excepts)
            for number, (place, way, excepts) in enumerate(ways)
        )
        self._forget()

    def _forget(self) -> None:
        self._states: dict[tuple[int | None, tuple[int, ...]], State] = {}
        self._transitions = 0
        self.start = self._state(self._candidates, -1)

    def paths(self) -> frozenset[tuple[str, ...]]:
        """Return the fields that an outline must have: those that it reads, and those that rules are looked up by."""
        used = {
            condition.path
            for rule in self._rules
            for pattern in (rule.match, *rule.exceptions)
            for way in pattern.conjunctions
            for condition in way
        }
        return frozenset(used & (LIGHT | set(STAGES)))

    def narrow(self, record: Mapping[str, Any]) -> State | None:
        """Return what the record can still match; None where a field has a shape that no stage expects."""
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
        return state

    def narrow_outline(self, outline: object) -> State | None:
        """Do what `narrow` does for a `Outline`; None, too, where that has no such object."""
        state = self.start
        try:
            while state.stage is not None:
                state = state[state.read(outline)]
        except (AttributeError, TypeError, Unfit):
            return None
        return state

    def _narrow_carefully(self, record: Mapping[str, Any]) -> State | None:
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
        return state

    def _state(self, members: Sequence[Candidate], done: int) -> State:
        """Return the state of these candidates after a stage; equal ones are one object."""
        silenced = {
            member.place for member in members if member.excepts and member.last <= done and member.part.settled
        }
        alive = {member.place for member in members if not member.excepts} - silenced
        members = [member for member in members if member.place in alive]
        stage = min((stage for member in members for stage in member.stages if stage > done), default=None)
        key = (stage, tuple(member.number for member in members))
        state = self._states.get(key)
        if state is None:
            kind = FlagState if stage is not None and STAGES[stage] in _FLAGS else State
            residuals = () if stage is not None else self._group(members)
            state = self._states[key] = kind(members, stage, residuals, self._follow)
        return state

    def _group(self, members: Iterable[Candidate]) -> tuple[RuleResidual, ...]:
        """Sort what is left to ask by rule, in rule order."""
        found: dict[int, tuple[list[Residual], list[Residual]]] = {}
        for member in members:
            found.setdefault(member.place, ([], []))[member.excepts].append(member.part)
        return tuple(RuleResidual(self._rules[place], *parts) for place, parts in found.items())

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
