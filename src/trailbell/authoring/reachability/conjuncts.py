"""An event pattern as alternatives, each a set of conditions that hold together."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trailbell.authoring.cursor import Cursor
from trailbell.authoring.reachability.catalog import Path
from trailbell.errors import PatternError
from trailbell.pattern import Pattern

MAX_CONJUNCTS = 512
"""Where `$or` multiplies to more, the checks on combinations are left out: they would take too long."""

OR = "$or"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The values that one field may have: any of the list."""

    path: Path
    place: Cursor
    """Where the list is written."""

    @property
    def values(self) -> list[Any]:
        """The alternatives: literals, or `{operator: argument}`."""
        found: list[Any] = self.place.value
        return found

    def literals(self) -> list[tuple[str, Cursor]]:
        """Return the exact strings among them, and where each is written."""
        return [(item.value, item) for item in self.place.items() if isinstance(item.value, str)]

    @property
    def only_literals(self) -> bool:
        """Whether it lists nothing but exact strings."""
        return all(isinstance(value, str) for value in self.values)

    def accepts(self, value: Any) -> bool:
        """Tell whether a field of this value holds the condition."""
        return accepts(self.values, value)

    @property
    def only_absent(self) -> bool:
        """Whether it holds for missing fields alone."""
        return all(value == {"exists": False} for value in self.values)

    @property
    def allows_absent(self) -> bool:
        """Whether it can hold where the field is missing."""
        return any(value == {"exists": False} for value in self.values)


Conjunct = Sequence[Condition]


def conditions(pattern: Cursor, path: Path = ()) -> Iterator[Condition]:
    """Return every condition of a pattern, those in `$or` too."""
    for key, place in pattern.entries():
        value = place.value
        if is_or(key, value):
            for branch in place.items():
                yield from conditions(branch, path)
        elif isinstance(value, dict):
            yield from conditions(place, steps(path, key))
        elif isinstance(value, list):
            yield Condition(path=steps(path, key), place=place)


def conjuncts(pattern: Cursor, path: Path = ()) -> list[Conjunct]:
    """Return the alternatives of a pattern; an empty list where there are too many."""
    found: list[Conjunct] = [()]
    for key, place in pattern.entries():
        value = place.value
        if is_or(key, value):
            options = [option for branch in place.items() for option in conjuncts(branch, path)]
        elif isinstance(value, dict):
            options = conjuncts(place, steps(path, key))
        else:
            options = [(Condition(path=steps(path, key), place=place),)]
        if not options or len(found) * len(options) > MAX_CONJUNCTS:
            return []
        found = [(*before, *option) for before in found for option in options]
    return found


def steps(path: Path, key: str) -> Path:
    """Return the path of a field within another. A key may be dotted, as EventBridge has it."""
    return (*path, *key.split("."))


def is_or(key: str, value: Any) -> bool:
    """Tell `$or` the operator from a field of that name."""
    return key == OR and isinstance(value, list) and all(isinstance(branch, dict) for branch in value)


def accepts(values: Sequence[Any], value: Any) -> bool:
    """Tell whether a field of this value holds `[...]`, as EventBridge sees it."""
    pattern = _single(json.dumps(values, sort_keys=True))
    return pattern is None or pattern.matches({"field": value})


@lru_cache(maxsize=4096)
def _single(values: str) -> Pattern | None:
    """Return the pattern of one field; None where it is none, which is told elsewhere."""
    try:
        return Pattern.parse({"field": json.loads(values)})
    except PatternError:
        return None


def by_path(conjunct: Conjunct) -> Mapping[Path, list[Condition]]:
    """Return the conditions of each field."""
    found: dict[Path, list[Condition]] = {}
    for condition in conjunct:
        found.setdefault(condition.path, []).append(condition)
    return found
