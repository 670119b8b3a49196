"""Whether a conjunction holds for a record, with EventBridge's array consistency.

All conditions whose paths run through one array must hold on the same element of it. The engine takes conditions by
name, and `exists: false` asks only the element that conditions before it have settled on; where none has, it asks all.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from trailbell.pattern.condition import Condition
from trailbell.pattern.tree import Conjunction, by_path


class _Missing:
    """The one value that JSON does not have."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "(missing)"

    def get(self, _field: str, _default: Any) -> "_Missing":
        """Return what a missing object has at any field."""
        return self


MISSING: Final = _Missing()
"""What a path leads to where the record has no such field."""

Matcher = Callable[[Mapping[str, Any]], bool]


class _Node:
    """A step of the paths that conditions share."""

    __slots__ = ("children", "conditions", "own")

    def __init__(self, conditions: list[Condition], depth: int) -> None:
        self.conditions = conditions
        """All at or below it, by name."""
        self.own = [condition for condition in conditions if len(condition.path) == depth]
        below: dict[str, list[Condition]] = {}
        for condition in conditions:
            if len(condition.path) > depth:
                below.setdefault(condition.path[depth], []).append(condition)
        self.children: list[tuple[str, _Node]] = []
        for step, members in below.items():
            self.children.append((step, _Node(members, depth + 1)))

    def holds(self, value: Any, head: Condition | None, depth: int) -> bool:
        """Tell whether all conditions hold; `head` must hold on a leaf, even where it may be missing."""
        kind = type(value)
        if kind is dict:
            if any(condition is head or not condition.absent for condition in self.own):
                return False
            for step, child in self.children:  # noqa: SIM110 - `all` is a frame more
                if not child.holds(value.get(step, MISSING), head, depth + 1):
                    return False
            return True
        if kind is list:
            first = self._first_present(value, head, depth)
            return first is None or any(self.holds(element, first, depth) for element in value)
        return all(
            condition.test(value)
            if value is not MISSING and len(condition.path) == depth
            else condition.absent and condition is not head
            for condition in self.conditions
        )

    def _first_present(self, array: list[Any], head: Condition | None, depth: int) -> Condition | None:
        """Return the first condition that is not met by the whole array's having no such field."""
        for condition in self.conditions:
            if condition is head or not condition.absent or has_leaf(array, condition.path[depth:]):
                return condition
        return None


def leaves(value: Any, path: tuple[str, ...]) -> Iterable[Any]:
    """Yield the strings, numbers, booleans and nulls at a path, through arrays of any depth."""
    waiting = [(value, 0)]
    while waiting:
        value, depth = waiting.pop()
        kind = type(value)
        if kind is list:
            waiting.extend([(element, depth) for element in reversed(value)])
        elif depth < len(path):
            if kind is dict and path[depth] in value:
                waiting.append((value[path[depth]], depth + 1))
        elif kind is not dict:
            yield value


def has_leaf(value: Any, path: tuple[str, ...]) -> bool:
    """Tell whether there is anything at a path."""
    return next(iter(leaves(value, path)), MISSING) is not MISSING


def compile_conjunction(conjunction: Conjunction) -> Matcher:
    """Return a test of records: whether all the conditions hold."""
    groups: dict[str, list[Condition]] = {}
    for condition in by_path(conjunction):
        groups.setdefault(condition.path[0], []).append(condition)
    tests = [
        _match_one(members[0]) if len(members) == 1 else _match_group(field, members)
        for field, members in groups.items()
    ]
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:  # noqa: PLR2004 - the usual case, at a third of the time
        first, second = tests
        return lambda record: first(record) and second(record)
    return lambda record: all(test(record) for test in tests)


def _match_group(field: str, members: list[Condition]) -> Matcher:
    node = _Node(members, 1)
    return lambda record: node.holds(record.get(field, MISSING), None, 1)


def _match_one(condition: Condition) -> Matcher:
    """Return a test for a condition that shares its field with no other, so that it can go straight to the leaf."""
    field, *steps = condition.path
    below, test, absent = tuple(steps), condition.test, condition.absent

    def holds(record: Mapping[str, Any]) -> bool:
        value = record.get(field, MISSING)
        for step in below:
            if type(value) is not dict:
                break
            value = value.get(step, MISSING)
        else:
            kind = type(value)
            if value is MISSING or kind is dict:
                return absent
            if kind is not list:
                return test(value)
        if type(value) is not list:
            return absent
        found = False
        for leaf in leaves(record.get(field), below):
            if test(leaf):
                return True
            found = True
        return absent and not found

    return holds
