"""Runs the tests that stand in rules: a record, what differs from it, and whether the rule alerts."""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailbell.authoring.load import RuleEntry, RuleTest
from trailbell.errors import ConfigError
from trailbell.facts.reader import read_facts
from trailbell.ruleset import Explanation, RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """What became of one test."""

    __test__ = False  # pytest takes classes named Test* for tests

    rule_id: str
    name: str
    file: str
    line: int
    passed: bool
    message: str = ""
    """Why it failed."""


def run_rule_tests(entries: Iterable[RuleEntry], *, events_dir: Path) -> Iterator[TestResult]:
    """Run the tests of the rules, on or not. Only the rule itself is tried: no suppression, no window."""
    for entry in entries:
        ruleset = RuleSet.compile([entry.rule])
        for test in entry.tests:
            message = _run(ruleset, test, events_dir)
            yield TestResult(
                rule_id=entry.rule.id,
                name=test.name,
                file=test.file,
                line=test.line,
                passed=not message,
                message=message,
            )


def find_untested(entries: Iterable[RuleEntry]) -> dict[str, str]:
    """Return the rules that lack a test that alerts or one that stays silent: rule id -> what it lacks."""
    lacking = {}
    for entry in entries:
        outcomes = {test.alerts for test in entry.tests}
        missing = [
            word for outcome, word in ((True, "alerts: true"), (False, "alerts: false")) if outcome not in outcomes
        ]
        if missing:
            lacking[entry.rule.id] = " and ".join(missing)
    return lacking


def build_record(test: RuleTest, events_dir: Path) -> dict[str, Any]:
    """Return the test's record with its changes. Raises ConfigError where it cannot be made."""
    record = _read_record(test.record, events_dir) if isinstance(test.record, str) else copy.deepcopy(dict(test.record))
    for path, value in test.changes.items():
        _change(record, path, value)
    for path in test.removals:
        _remove(record, path)
    return record


def _run(ruleset: RuleSet, test: RuleTest, events_dir: Path) -> str:
    """Run one test. Returns why it failed, or an empty string."""
    try:
        record = build_record(test, events_dir)
    except ConfigError as error:
        return str(error)
    alerts = bool(ruleset.match(record, lambda: read_facts(record, test.names)))
    if alerts == test.alerts:
        return ""
    if alerts:
        return "the rule alerts, and should not"
    (explanation,) = ruleset.explain(record, lambda: read_facts(record, test.names))
    return f"the rule does not alert, and should: {_say(explanation)}"


def _say(explanation: Explanation) -> str:
    """Say what kept a rule from alerting, with what the record has there."""
    seen = "; ".join(
        f"{condition.path} wants {json.dumps(list(condition.expected))}, "
        f"the record has {json.dumps(list(condition.values)) if condition.values else 'nothing'}"
        for condition in explanation.conditions
    )
    exception = "" if explanation.exception is None else f"exception {explanation.exception + 1} holds: "
    return exception + seen


def _read_record(name: str, events_dir: Path) -> dict[str, Any]:
    path = events_dir / name
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the record {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"the record {path} is not JSON: {error}") from error
    if not isinstance(record, dict) or "eventName" not in record:
        raise ConfigError(f"{path} holds no CloudTrail record: a mapping with eventName")
    return record


def _change(record: dict[str, Any], path: str, value: Any) -> None:
    """Set a field; a mapping is merged into the one that is there."""
    *way, last = path.split(".")
    place: Any = record
    for step in way:
        inner = _get(place, step)
        if not isinstance(inner, dict | list):
            inner = {}
            _set(place, step, inner, path)
        place = inner
    before = _get(place, last)
    _set(place, last, _merge(before, value) if isinstance(before, dict) and isinstance(value, dict) else value, path)


def _merge(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(before)
    for key, value in changes.items():
        inner = merged.get(key)
        merged[key] = _merge(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


def _remove(record: dict[str, Any], path: str) -> None:
    *way, last = path.split(".")
    place: Any = record
    for step in way:
        place = _get(place, step)
    if not isinstance(place, dict) or last not in place:
        raise ConfigError(f"`without` names {path}, which the record does not have")
    del place[last]


def _get(place: Any, step: str) -> Any:
    """Return the value of a key, or a list's item by its number from 0; None where there is nothing."""
    if isinstance(place, dict):
        return place.get(step)
    if isinstance(place, list) and step.isdecimal() and int(step) < len(place):
        return place[int(step)]
    return None


def _set(place: Any, step: str, value: Any, path: str) -> None:
    if isinstance(place, dict):
        place[step] = value
    elif isinstance(place, list) and step.isdecimal() and int(step) < len(place):
        place[int(step)] = value
    else:
        raise ConfigError(f"`with` names {path}, and the list in the record has no item {step}")
