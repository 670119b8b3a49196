"""Event patterns: parse, check, match, with the semantics of Amazon EventBridge.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.errors import PatternError

Test = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One event pattern, ready to match."""

    source: Mapping[str, Any]
    """What it was parsed from."""

    @classmethod
    def parse(cls, mapping: Mapping[str, Any]) -> "Pattern":
        """Check a pattern. Raises PatternError, which names the field."""
        _check_object(mapping, ())
        return cls(mapping)

    def matches(self, record: Mapping[str, Any]) -> bool:
        """Tell whether the record matches."""
        return _object_matches(self.source, record)


def _check_object(pattern: object, path: tuple[str, ...]) -> None:
    where = ".".join(path) or "the pattern"
    if not isinstance(pattern, Mapping) or not pattern:
        raise PatternError(f"{where}: an object with at least one field is needed")
    for key, value in pattern.items():
        if key == "$or":
            if not isinstance(value, list) or len(value) < 2:  # noqa: PLR2004
                raise PatternError(f"{where}: $or takes a list of at least two patterns")
            for part in value:
                _check_object(part, path)
        elif isinstance(value, list):
            if not value:
                raise PatternError(f"{'.'.join((*path, key))}: the list is empty")
            for leaf in value:
                _make_test(leaf, ".".join((*path, key)))
        elif isinstance(value, Mapping):
            _check_object(value, (*path, key))
        else:
            raise PatternError(f"{'.'.join((*path, key))}: values stand in a list: [{value!r}]")


def _object_matches(pattern: Mapping[str, Any], value: object) -> bool:
    if isinstance(value, list):
        return any(_object_matches(pattern, element) for element in value)
    fields = value if isinstance(value, Mapping) else {}
    for key, wanted in pattern.items():
        if key == "$or":
            if not any(_object_matches(part, value) for part in wanted):
                return False
        elif isinstance(wanted, Mapping):
            if not _object_matches(wanted, fields.get(key)):
                return False
        elif not _leaf_matches(wanted, key, fields):
            return False
    return True


def _leaf_matches(wanted: list[Any], key: str, fields: Mapping[str, Any]) -> bool:
    values = _leaves(fields[key]) if key in fields else []
    for leaf in wanted:
        if isinstance(leaf, Mapping) and "exists" in leaf:
            if leaf["exists"] == bool(values):
                return True
            continue
        test = _make_test(leaf, key)
        if any(test(value) for value in values):
            return True
    return False


def _leaves(value: object) -> list[object]:
    if isinstance(value, list):
        return [leaf for element in value for leaf in _leaves(element)]
    return [] if isinstance(value, Mapping) else [value]


def _make_test(leaf: object, where: str) -> Test:
    if not isinstance(leaf, Mapping):
        if isinstance(leaf, list):
            raise PatternError(f"{where}: a list stands in a list")
        return lambda value: value == leaf and isinstance(value, bool) == isinstance(leaf, bool)
    if len(leaf) != 1:
        raise PatternError(f"{where}: one operator in each object")
    ((name, operand),) = leaf.items()
    if name == "exists":
        return lambda _: False
    if name in {"prefix", "suffix"} and isinstance(operand, str):
        method = str.startswith if name == "prefix" else str.endswith
        return lambda value: isinstance(value, str) and method(value, operand)
    if name == "equals-ignore-case" and isinstance(operand, str):
        return lambda value: isinstance(value, str) and value.lower() == operand.lower()
    if name == "anything-but":
        parts = [_make_test(part, where) for part in (operand if isinstance(operand, list) else [operand])]
        return lambda value: not any(part(value) for part in parts)
    if name == "cidr":
        network = ipaddress.ip_network(operand, strict=False)
        return lambda value: _in_network(value, network)
    raise PatternError(f"{where}: unknown operator {name!r}")


def _in_network(value: object, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(str(value)) in network
    except ValueError:
        return False
