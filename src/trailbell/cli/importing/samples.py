"""Records made up for the tests of imported rules: one that alerts, one that does not, one for each exception."""

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_network
from typing import Any

from trailbell.authoring.reachability.catalog import Path
from trailbell.cli.importing.conditions import CannotCombineError, conjoin
from trailbell.errors import RecordError
from trailbell.facts.reader import read_facts
from trailbell.names import Names
from trailbell.operations import load_operations
from trailbell.pattern import Conjunction
from trailbell.rule import Rule
from trailbell.ruleset import Facts, RuleSet

_MOST_WAYS_TRIED = 8
_MOST_EXCEPTIONS = 5
_MISSING = object()
_NAME: Path = ("eventName",)
_OBJECTS = {
    "record": "requestParameters",
    "additional_event_data": "additionalEventData",
    "request_parameters": "requestParameters",
    "resources": "resources",
    "response_elements": "responseElements",
    "service_event_details": "serviceEventDetails",
    "user_identity": "userIdentity",
}
Conditions = Mapping[Path, Sequence[Any]]


def make_tests(rule: Rule) -> list[dict[str, Any]]:
    """Return tests of a rule whose records do what they say; none where no record could be made up."""
    ruleset = RuleSet.compile([rule])

    def alerts(record: Mapping[str, Any]) -> bool:
        try:
            return bool(ruleset.match(record, lambda: read_facts(record, Names())))
        except RecordError:
            return False

    needed = _needed(rule)
    for way in rule.match.conjunctions[:_MOST_WAYS_TRIED]:
        conditions = {**needed, **_conditions(way)}
        for record in _records(conditions):
            if not alerts(record):
                continue
            tests = [{"name": "a record that it is for", "record": record, "alerts": True}]
            silent = next((other for other in _others(record, conditions) if not alerts(other)), None)
            if silent is not None:
                tests.append({"name": "a record that it is not for", "record": silent, "alerts": False})
            return tests + list(_exception_tests(rule, conditions))
    return []


def _needed(rule: Rule) -> dict[Path, Sequence[Any]]:
    """Return what a record must have lest an exception holds for its being missing."""
    absent = {path for way in _excepted(rule) for path, values in way.items() if all(map(_is_absent, values))}
    return {path: [{"exists": True}] for path in absent}


def _excepted(rule: Rule) -> list[dict[Path, Sequence[Any]]]:
    return [_conditions(way) for exception in rule.exceptions for way in exception.conjunctions]


def _is_absent(value: Any) -> bool:
    return value is None or bool(value == {"exists": False})


def _conditions(way: Conjunction) -> dict[Path, Sequence[Any]]:
    return {condition.path: condition.expected for condition in way}


def _exception_tests(rule: Rule, conditions: Conditions) -> Iterator[dict[str, Any]]:
    """Return, for each exception, a record that the rule would alert on without it."""
    bare = RuleSet.compile([_without_exceptions(rule)])
    for number, exception in enumerate(rule.exceptions[:_MOST_EXCEPTIONS], 1):
        only = RuleSet.compile([_without_exceptions(rule, exception)])
        both = _both(conditions, _conditions(exception.conjunctions[0]))
        for record in _records(both) if both else ():
            facts = read_facts(record, Names())
            if all(ruleset.match(record, _given(facts)) for ruleset in (bare, only)):
                yield {"name": f"exception {number}", "record": record, "alerts": False}
                break


def _given(facts: Mapping[str, Any]) -> Facts:
    return lambda: facts


def _without_exceptions(rule: Rule, match: Any = None) -> Rule:
    return Rule(id=rule.id, title=rule.title, severity=rule.severity, match=match or rule.match)


def _both(one: Conditions, other: Conditions) -> dict[Path, Sequence[Any]]:
    joined = dict(one)
    for path, values in other.items():
        try:
            joined[path] = conjoin(joined[path], values) if path in joined else values
        except CannotCombineError:
            return {}
        if not joined[path]:
            return {}
    return joined


def _records(conditions: Conditions) -> Iterator[dict[str, Any]]:
    """Return records that may meet the conditions: with the first value of each, then with each other one."""
    longest = max((len(values) for values in conditions.values()), default=1)
    for place in range(min(longest, _MOST_WAYS_TRIED)):
        record: dict[str, Any] = {"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"}
        # Texts last: they go into objects that the fields before them have made.
        for path in sorted(conditions, key=lambda path: path[0] == "trailbell"):
            values = conditions[path]
            value = sample(values[min(place, len(values) - 1)])
            if path[:2] == ("trailbell", "text"):
                _write_text(record, path[2], value)
            elif path[0] != "trailbell":
                _put(record, path, _spell(path, value))
        yield record


def _others(record: Mapping[str, Any], conditions: Conditions) -> Iterator[dict[str, Any]]:
    """Return records that differ in one thing that the rule asks for."""
    yield {**record, "eventName": "AnotherCall"}
    for path in conditions:
        other = copy.deepcopy(dict(record))
        top = _OBJECTS.get(path[-1], "") if path[0] == "trailbell" else path[0]
        if path[0] != "trailbell" and len(path) > 1:
            _put(other, path, _MISSING)
        else:
            other.pop(top, None)
        yield other
        _put(other, path, "something else")
        yield other


def _put(record: dict[str, Any], path: Path, value: Any) -> None:
    place = record
    for step in path[:-1]:
        inner = place.setdefault(step, {})
        if not isinstance(inner, dict):
            inner = place[step] = {}
        place = inner
    if value is _MISSING:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value


def _write_text(record: dict[str, Any], fact: str, value: Any) -> None:
    """Put a text into an object, as JSON where it reads as a part of it."""
    if not isinstance(value, str):
        if value is _MISSING:
            record.pop(_OBJECTS[fact], None)
        return
    inside = record.get(_OBJECTS[fact])
    inside = inside if isinstance(inside, dict) else {}
    try:
        parsed = json.loads("{" + value.strip("{},") + "}")
    except ValueError:
        parsed = {"note": f"{inside.get('note', '')}{value}"}
    record[_OBJECTS[fact]] = {**inside, **parsed}


def _spell(path: Path, value: Any) -> Any:
    """Spell an event's name as AWS does."""
    return _spellings().get(value.lower(), value) if path == _NAME and isinstance(value, str) else value


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, str]:
    return {name.lower(): name for names in load_operations().sources.values() for name in names}


def sample(value: Any) -> Any:
    """Return something that holds one value of a pattern."""
    if not isinstance(value, Mapping):
        return value
    ((operator, argument),) = value.items()
    if operator == "numeric":
        return _number(argument)
    if operator == "cidr":
        network = ip_network(argument)
        return str(network[min(1, network.num_addresses - 1)])
    if operator == "all-of":
        return _sample_all(argument)
    if operator in ("exists", "anything-but"):
        return "example" if argument else _MISSING
    text = argument["equals-ignore-case"] if isinstance(argument, Mapping) else argument
    return "".join(_PLAIN.get(part, part) for part in _STARS.split(text)) if operator == "wildcard" else text


def _sample_all(values: Sequence[Any]) -> Any:
    """Return what may hold several values: texts one after the other, as prefix and suffix have it."""
    order = {"prefix": 0, "suffix": 2}
    found = [sample(value) for value in sorted(values, key=lambda value: order.get(next(iter(value)), 1))]
    return "".join(found) if all(isinstance(part, str) for part in found) else found[0]


_STARS = re.compile(r"(\\\\|\\\*|\*)")
_PLAIN = {"\\\\": "\\", "\\*": "*", "*": ""}
"""What stands in a wildcard, and what it matches at least."""


def _number(terms: Sequence[Any]) -> float:
    """Return a number within a comparison or a range."""
    step = {"<": -1, ">": 1}.get(terms[0], 0)
    low: float = terms[1] + step
    high: float = terms[3] if len(terms) > 2 else low + 1  # noqa: PLR2004 - a range has a second comparison
    return low if low < high else (terms[1] + high) / 2
