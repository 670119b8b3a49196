"""What is left to ask once the automaton has read its fields, and whom."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from trailbell.pattern import MISSING, Condition
from trailbell.rule import Rule
from trailbell.ruleset.candidate import Residual


class RuleResidual:
    """What is left to ask about one rule."""

    __slots__ = ("exceptions", "parts", "rule", "settled", "simple")

    def __init__(self, rule: Rule, parts: Iterable[Residual], exceptions: Iterable[Residual]) -> None:
        """Put them into the order that asks the facts last."""
        self.rule = rule
        self.parts = tuple(sorted(parts, key=lambda part: (not part.settled, part.facts is not None)))
        """One must hold."""
        self.exceptions = tuple(sorted(exceptions, key=lambda part: part.facts is not None))
        """None must."""
        first = self.parts[0]
        self.settled = first.settled and not self.exceptions
        """Whether nothing is left to ask: it matches."""
        lonely = len(self.parts) == 1 and not self.exceptions and first.facts is None
        self.simple = first.record if lonely else None
        """Where this one question is all that is left."""

    def may_match(self, outline: object) -> bool:
        """Tell whether the light fields of an outline leave it possible."""
        return any(part.may_hold(outline) for part in self.parts)


def _first_light(residual: RuleResidual) -> tuple[Callable[[object], Any] | None, Condition | None]:
    """Return how to read one field from an outline that can rule the residual out, and what must hold of it."""
    (part, *others) = residual.parts
    return part.light[0] if part.light and not others else (None, None)


class FieldIndex:
    """The residuals that hang on what one light field is."""

    __slots__ = ("field", "read", "steps", "table")

    def __init__(self, path: tuple[str, ...]) -> None:
        self.field, self.steps = path[0], path[1:]
        self.read: Callable[[object], Any] = attrgetter(".".join(path))
        self.table: dict[str, list[int]] = {}
        """Value -> places among the residuals."""


class Residuals:
    """The residuals of a final state: some behind indexes, the rest always to be asked."""

    __slots__ = ("_always", "_asked", "_indexes", "_places", "residuals")

    def __init__(self, residuals: tuple[RuleResidual, ...]) -> None:
        self.residuals = residuals
        self._places: list[int] = []
        indexes: dict[tuple[str, ...], FieldIndex] = {}
        for place, residual in enumerate(residuals):
            conditions = [part.index for part in residual.parts]
            if None in conditions:
                self._places.append(place)
                continue
            for condition in conditions:
                if condition is not None and condition.exact is not None:
                    index = indexes.setdefault(condition.path, FieldIndex(condition.path))
                    for value in condition.exact:
                        index.table.setdefault(value, []).append(place)
        self._indexes = tuple(indexes.values())
        self._always = tuple(residuals[place] for place in self._places)
        self._asked = tuple((residual, *_first_light(residual)) for residual in self._always)

    def pick(self, record: Mapping[str, Any]) -> Sequence[RuleResidual]:
        """Return the residuals to ask about a record."""
        found = None
        for index in self._indexes:
            value = record.get(index.field, MISSING)
            for step in index.steps:
                if type(value) is not dict:
                    break
                value = value.get(step, MISSING)
            if type(value) is str:
                if value in index.table:
                    found = [*(found or ()), *index.table[value]]
            elif type(value) is list:
                return self.residuals  # any of its elements may be listed
        return self._always if found is None else self._with(found)

    def pick_outline(self, outline: object) -> list[RuleResidual]:
        """Return the residuals that an outline leaves possible."""
        found = None
        for index in self._indexes:
            value = index.read(outline)
            if type(value) is str:
                if value in index.table:
                    found = [*(found or ()), *index.table[value]]
            elif type(value) is list:
                return list(self.residuals)
        if found is not None:
            return [residual for residual in self._with(found) if residual.may_match(outline)]
        possible = []
        for residual, read, condition in self._asked:
            if read is not None and condition is not None:
                value = read(outline)
                if not condition.absent if value is MISSING else type(value) is str and not condition.test(value):
                    continue
            possible.append(residual)
        return possible

    def _with(self, places: list[int]) -> list[RuleResidual]:
        """Return the residuals at these places, and those that are always asked, in their order."""
        return [self.residuals[place] for place in sorted({*self._places, *places})]
