"""Reads a pattern into conjunctions: every way through its `$or`s, each a set of conditions that must hold together."""

from collections.abc import Iterable, Mapping
from itertools import product
from math import isfinite, prod
from typing import Any

from trailbell.errors import PatternError
from trailbell.pattern.condition import Condition, read_condition

MOST_COMBINATIONS = 1_000
"""How many ways through its `$or`s a pattern may have (EventBridge's guide, "Considerations when using OR")."""
DEEPEST = 450
"""Levels a pattern may have: more than fit EventBridge's 2,048 characters usefully, fewer than Python's stack. What
follows a pattern down takes one frame a level, hence its loops."""
_FEWEST_BRANCHES = 2
_MOST_BITS = 1024
"""Of a whole number: what a JSON number can be in most languages."""

Conjunction = tuple[Condition, ...]
"""Conditions that all must hold."""


def copy_pattern(value: Any, place: str = "the pattern", depth: int = 0) -> Any:
    """Return a plain JSON copy. Raises PatternError where it is none."""
    if depth > DEEPEST:
        raise PatternError(f"{place[:100]}: nested deeper than {DEEPEST} levels; flatten the pattern")
    if isinstance(value, str):  # first: it is what most values are
        return value
    if isinstance(value, Mapping):
        fields: dict[str, Any] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise PatternError(f"{place}: the field name {key!r} is not a string; quote it")
            fields[key] = copy_pattern(item, key, depth + 1)
        return fields
    if isinstance(value, list | tuple):
        items: list[Any] = []
        for item in value:
            items.append(copy_pattern(item, place, depth + 1))  # noqa: PERF401 - a comprehension is a frame more
        return items
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise PatternError(f"{place}: a number is too large for JSON; quote it to make it a string")
    if value is None or isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        return value
    raise PatternError(f"{place}: {str(value)[:100]} ({type(value).__name__}) is not JSON; quote it to get a string")


def read_tree(pattern: Mapping[str, Any], path: tuple[str, ...] = ()) -> list[Conjunction]:
    """Check a pattern and return its conjunctions. Raises PatternError."""
    place = ".".join(path) or "the pattern"
    if not pattern:
        raise PatternError(f"{place}: it is empty; name at least one field")
    factors: list[list[Conjunction]] = []
    for key, value in pattern.items():
        below = (*path, *key.split("."))
        if key == "$or":
            factors.append(_read_or(value, path))
        elif isinstance(value, Mapping):
            factors.append(read_tree(value, below))
        elif isinstance(value, list):
            factors.append([(read_condition(below, value),)])
        else:
            name = ".".join(below)
            raise PatternError(f"{name}: a field takes a list of values or further fields; write [{value!r}]")
    _check_combinations(prod(map(len, factors)), place)
    if len(factors) == 1:
        return factors[0]
    return [tuple(condition for part in parts for condition in part) for parts in product(*factors)]


def _read_or(branches: Any, path: tuple[str, ...]) -> list[Conjunction]:
    place = ".".join((*path, "$or"))
    if not isinstance(branches, list) or len(branches) < _FEWEST_BRANCHES:
        raise PatternError(f"{place}: takes a list of two or more patterns; with one, write its fields without $or")
    ways: list[Conjunction] = []
    for number, branch in enumerate(branches, 1):
        if not isinstance(branch, Mapping):
            raise PatternError(f"{place}: entry {number} is not a pattern; write an object of fields")
        ways += read_tree(branch, path)
        _check_combinations(len(ways), place)
    return ways


def _check_combinations(count: int, place: str) -> None:
    if count > MOST_COMBINATIONS:
        raise PatternError(
            f"{place}: its $or make {count} combinations, more than the {MOST_COMBINATIONS} that EventBridge takes; "
            "make several rules of it"
        )


def settle(way: Conjunction) -> Conjunction:
    """Return the way with one condition a path, by dotted name, which is how EventBridge's engine takes them.

    Where a `$or` speaks of a path that the pattern speaks of outside it, the engine keeps what is written last.
    """
    return tuple(by_path({condition.path: condition for condition in way}.values()))


def by_path(conditions: Iterable[Condition]) -> list[Condition]:
    """Sort as EventBridge's engine takes conditions: by the field's dotted name."""
    return sorted(conditions, key=lambda condition: condition.name)
