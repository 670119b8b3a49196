"""Conditions that no record can hold: on fields that records do not have, or values that those fields never have."""

from collections.abc import Iterator
from typing import Any

from trailbell.authoring.cursor import Cursor, spell
from trailbell.authoring.problems import did_you_mean, suggest
from trailbell.authoring.reachability.catalog import FACT_ROOT, VALUES, Kind, Path, kind_of, siblings
from trailbell.authoring.reachability.conjuncts import Condition, conditions, is_or, steps
from trailbell.operations import load_operations

_TEXT_OPERATORS = ("prefix", "suffix", "equals-ignore-case", "anything-but")
_REGION = ("awsRegion",)
_POLICY_FACTS = {(FACT_ROOT, "policy"), (FACT_ROOT, "shared")}
"""Facts whose values may hold a real `*`."""
_JSON_NAMES: dict[Kind, str] = {"string": "text", "boolean": "true or false", "number": "a number"}


def check_fields(pattern: Cursor) -> None:
    """Tell which fields and values of a pattern no record has."""
    _check_names(pattern, ())
    for condition in conditions(pattern):
        kind = kind_of(condition.path)
        if kind is not None:
            _check_values(condition, kind)
        _check_stars(condition, kind)


def _check_names(pattern: Cursor, path: Path) -> None:
    for key, place in pattern.entries():
        value = place.value
        if is_or(key, value):
            for branch in place.items():
                _check_names(branch, path)
            continue
        inner = steps(path, key)
        kind = kind_of(inner)
        if kind is None:
            _tell_unknown(place, inner)
        elif kind == "object" and isinstance(value, list):
            inside = ", ".join(sorted(_inside(inner)))
            place.error(
                f"{spell(inner)} is an object: a list of values never matches it", f"Name a field of it: {inside}."
            )
        elif isinstance(value, dict) and kind not in ("object", "any"):
            tip = f"Put the condition in a list: [{_written(value)}]."
            place.error(f"{spell(inner)} is a value and has no fields of its own: this never matches", tip)
        elif isinstance(value, dict):
            _check_names(place, inner)


def _tell_unknown(place: Cursor, path: Path) -> None:
    """Tell of an unknown field. Deep in userIdentity, AWS adds some now and then; elsewhere it is a mistake."""
    beside = siblings(path)
    if path[0] == FACT_ROOT:
        place.error(f"there is no fact {spell(path[1:])}", suggest(path[-1], beside, few=30))
    elif len(path) == 1:
        tip = suggest(path[-1], beside, few=0) or "Fields of the API call stand under requestParameters."
        place.error(f"CloudTrail's record has no field {path[-1]}", tip)
    elif did_you_mean(path[-1], beside):
        place.error(f"{spell(path[:-1])} has no field {path[-1]}", suggest(path[-1], beside))
    else:
        place.warn(f"CloudTrail does not document the field {spell(path)}", suggest(path[-1], beside, few=30))


def _check_values(condition: Condition, kind: Kind) -> None:
    for item in condition.place.items():
        if kind in _JSON_NAMES and not isinstance(item.value, dict | list) and not _is(item.value, kind):
            written = _written(item.value)
            if isinstance(item.value, str):
                what, tip = f'the text "{written}"', "Write it without quotes."
            else:
                what, tip = written, "" if item.value is None else f'Write "{written}".'
            item.error(f"{spell(condition.path)} is {_JSON_NAMES[kind]}: {what} never matches it", tip)
        if condition.path == _REGION:
            check_region(item)
        values = VALUES.get(condition.path, ())
        if values and isinstance(item.value, str) and item.value not in values and "*" not in item.value:
            item.error(f"{spell(condition.path)} is never {item.value}", suggest(item.value, values))


def check_region(place: Cursor) -> None:
    """Tell of a region that does not exist; it may be newer than the list."""
    known = load_operations()
    if isinstance(place.value, str) and place.value not in known.regions and "*" not in place.value:
        tip = suggest(place.value, known.regions, few=0)
        place.warn(f"botocore {known.botocore_version} knows no region {place.value}", tip or "Check its spelling.")


def _check_stars(condition: Condition, kind: Kind | None) -> None:
    """Tell of a star where no wildcard operator is: it stands for itself, and hardly anybody means that."""
    strict = kind == "string" and condition.path[:2] not in _POLICY_FACTS
    for item in condition.place.items():
        for text, operator in _texts(item.value):
            if "*" not in text or (not strict and _may_mean_star(text)):
                continue
            message = f"the * in {text!r} stands for itself" + (f" in {operator}" if operator else "")
            if operator == "anything-but":
                tip = f'For any characters, write {{anything-but: {{wildcard: "{text}"}}}}.'
            else:
                tip = f'For any characters, write {{wildcard: "{text}"}}.'
            if strict:
                item.error(message + ": it never matches" * (operator != "anything-but"), tip)
            else:
                item.warn(message, tip)


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Return the strings that are compared as they are, each with its operator."""
    if isinstance(value, str):
        yield value, ""
    if not isinstance(value, dict):
        return
    for operator in _TEXT_OPERATORS:
        argument = value.get(operator)
        for text in argument if isinstance(argument, list) else [argument]:
            if isinstance(text, str):
                yield text, operator


def _may_mean_star(text: str) -> bool:
    """Policies hold `*`, `s3:*` and ARNs with stars as they are."""
    return text == "*" or ":" in text or text.endswith("/*")


def _is(value: Any, kind: Kind) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return isinstance(value, str)


def _inside(path: Path) -> list[str]:
    return siblings((*path, ""))


def _written(value: Any) -> str:
    """Spell a value as YAML does."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "{" + ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(_written(inner) for inner in value) + "]"
        case _:
            return str(value)
