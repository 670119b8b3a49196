"""Many rules as one matcher."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from trailbell.errors import RecordError
from trailbell.pattern import Matcher, Pattern
from trailbell.rule import Rule
from trailbell.ruleset.automaton import Automaton
from trailbell.ruleset.candidate import FACTS_KEY, Residual
from trailbell.ruleset.json_reader import JsonReader
from trailbell.ruleset.residuals import RuleResidual

if TYPE_CHECKING:
    from trailbell.ruleset.explain import Explanation

__all__ = ["Explanation", "Facts", "RuleSet"]

Facts = Callable[[], Mapping[str, Any]]
"""Works the facts out. It is asked at most once a record, and only where a rule depends on them."""


class RuleSet:
    """Rules, compiled. What it learns of the records that it sees only makes it faster."""

    __slots__ = ("_automaton", "_fact_groups", "_open", "_reader", "rules")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        """Use `compile`."""
        self.rules = rules
        self._automaton = Automaton(rules)
        self._open: tuple[RuleResidual, ...] | None = None
        """All that there is to ask: for records that the automaton gives up on."""
        self._reader: JsonReader | None = None
        self._fact_groups: frozenset[str] | None = None

    @property
    def fact_groups(self) -> frozenset[str]:
        """Return the groups of facts that the rules look at: `principal` for `trailbell.principal.kind`."""
        if self._fact_groups is None:
            self._fact_groups = frozenset(
                condition.path[1]
                for rule in self.rules
                for pattern in (rule.match, *rule.exceptions)
                for way in pattern.conjunctions
                for condition in way
                if condition.path[0] == FACTS_KEY and len(condition.path) > 1
            )
        return self._fact_groups

    @classmethod
    def compile(cls, rules: Iterable[Rule]) -> "RuleSet":
        """Make one matcher of the rules."""
        return cls(tuple(rules))

    def match(self, record: Mapping[str, Any], facts: Facts | None = None) -> tuple[Rule, ...]:
        """Return the rules that match and that no exception holds for, in rule order.

        Without `facts`, a record has none. Raises RecordError where the record cannot be read.
        """
        _check(record)
        state = self._automaton.narrow(record)
        if state is None:
            return self._decide(self._everything(), record, facts)
        if state.answer is not None:
            return state.answer
        residuals = state.residuals.pick(record)
        return self._decide(residuals, record, facts) if residuals else ()

    def match_json(self, data: bytes, facts: Facts | None = None) -> tuple[Rule, ...]:
        """Match a record's JSON text, reading no more of it than needed. Raises RecordError where it is none.

        Needs orjson and msgspec, which the detector's package does not have: Lambda hands it parsed events.
        """
        if self._reader is None:
            self._reader = JsonReader(self._automaton.paths())
        outline = self._reader.outline(data)
        state = None if outline is None else self._automaton.narrow_outline(outline)
        if state is None:
            return self.match(self._reader.record(data), facts)
        if state.answer is not None:
            return state.answer
        residuals = state.residuals.pick_outline(outline)
        if all(residual.settled for residual in residuals):
            return tuple(residual.rule for residual in residuals)
        return self._decide(residuals, self._reader.record(data), facts)

    def explain(self, record: Mapping[str, Any], facts: Facts | None = None) -> "tuple[Explanation, ...]":
        """Tell, for each rule in order, why it matches or not. Raises RecordError where the record cannot be read."""
        _check(record)
        # Here, because the detector never explains.
        from trailbell.ruleset.explain import explain_rule

        view = {**record, FACTS_KEY: dict(facts()) if facts else {}}
        try:
            return tuple(explain_rule(rule, view) for rule in self.rules)
        except RecursionError as error:
            raise _too_deep() from error

    def _decide(
        self, residuals: Iterable[RuleResidual], record: Mapping[str, Any], facts: Facts | None
    ) -> tuple[Rule, ...]:
        """Ask what the automaton left open."""
        view = _View(facts)
        try:
            return tuple(
                [
                    residual.rule
                    for residual in residuals
                    if (_matches(residual, record, view) if residual.simple is None else residual.simple(record))
                ]
            )
        except RecursionError as error:
            raise _too_deep() from error

    def _everything(self) -> tuple[RuleResidual, ...]:
        if self._open is None:
            self._open = tuple(
                RuleResidual(rule, _parts((rule.match,)), _parts(rule.exceptions)) for rule in self.rules
            )
        return self._open


class _View:
    """The facts as patterns see them, worked out when first asked for."""

    __slots__ = ("_facts", "_seen")

    def __init__(self, facts: Facts | None) -> None:
        self._facts = facts
        self._seen: Mapping[str, Any] | None = None

    def __call__(self) -> Mapping[str, Any]:
        if self._seen is None:
            self._seen = {FACTS_KEY: dict(self._facts()) if self._facts else {}}
        return self._seen


def _parts(patterns: Iterable[Pattern]) -> list[Residual]:
    return [Residual(way) for pattern in patterns for way in pattern.conjunctions]


def _matches(residual: RuleResidual, record: Mapping[str, Any], view: _View) -> bool:
    """Tell whether a part holds and no exception does; the facts are asked last."""
    open_parts: list[Matcher] = []
    for part in residual.parts:
        if part.record is None or part.record(record):
            if part.facts is None:
                open_parts = []
                break
            open_parts.append(part.facts)
    else:
        if not open_parts:
            return False
    open_exceptions: list[Matcher] = []
    for exception in residual.exceptions:
        if exception.record is None or exception.record(record):
            if exception.facts is None:
                return False
            open_exceptions.append(exception.facts)
    if open_parts and not any(holds(view()) for holds in open_parts):
        return False
    return not any(holds(view()) for holds in open_exceptions)


def _check(record: object) -> None:
    if not isinstance(record, Mapping):
        raise RecordError(f"the record is {type(record).__name__}, not a JSON object; look at the event by hand")


def _too_deep() -> RecordError:
    return RecordError("the record is nested too deeply to be matched; look at it by hand")


def __getattr__(name: str) -> Any:
    """Load Explanation when it is first asked for: the detector never is, and starts sooner without it."""
    if name == "Explanation":
        from trailbell.ruleset.explain import Explanation

        return Explanation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
