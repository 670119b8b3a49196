"""One field's condition, as other tools state it, in values of an event pattern."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trailbell.authoring.reachability.catalog import Kind, Path, kind_of, kinds
from trailbell.operations import load_operations
from trailbell.pattern import Pattern

Tokens = tuple[str | None, ...]
"""A text by its characters; None is a star."""

ABSENT: Mapping[str, Any] = {"exists": False}
PRESENT: Mapping[str, Any] = {"exists": True}
_IN_ANY_CASE = "equals-ignore-case"
_WRITTEN_OUT = {
    "additionalEventData": "additional_event_data",
    "requestParameters": "request_parameters",
    "resources": "resources",
    "responseElements": "response_elements",
    "serviceEventDetails": "service_event_details",
    "userIdentity": "user_identity",
}
"""Objects, and the facts that are their text."""
_MOST_PAIRS = 100

EVERYWHERE: Path = ("trailbell", "text", "record")
"""The fact that is the whole record's text."""


def star(*parts: str | None) -> Tokens:
    """Make tokens of texts, with None for a star; stars in a row are one."""
    tokens: list[str | None] = []
    for part in parts:
        for token in part if part is not None else (None,):
            if token is not None or not tokens or tokens[-1] is not None:
                tokens.append(token)
    return tuple(tokens)


class CannotCombineError(ValueError):
    """Two conditions on one field have no common form in an event pattern."""


class UnknownFieldError(ValueError):
    """CloudTrail's record has no such field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field, and values of which it must have one."""

    path: Path
    values: tuple[Any, ...]


def find_field(written: str) -> Path:
    """Return the path of a field, spelled as CloudTrail does; an object's is that of its text.

    `{}` and `[]`, by which some tools mark lists, are dropped. Raises UnknownFieldError.
    """
    plain = written.replace("{}", "").replace("[*]", "").replace("[]", "")
    steps: list[str] = []
    for step in plain.split("."):
        beside = {path[-1].lower(): path[-1] for path in kinds() if path[:-1] == tuple(steps)}
        steps.append(beside.get(step.lower(), step))
    path = tuple(steps)
    kind = kind_of(path)
    if len(path) == 1 and path[0] in _WRITTEN_OUT:
        return ("trailbell", "text", _WRITTEN_OUT[path[0]])
    if kind == "object":
        raise UnknownFieldError("it is an object of the record, and only its fields can be compared")
    if kind is None and (len(path) == 1 or kind_of(path[:1]) is None):
        raise UnknownFieldError("CloudTrail's record has no such field")
    return path


def exact_names(path: Path, values: Sequence[Any]) -> tuple[Any, ...]:
    """Return values with the event sources and names among them as AWS spells them, where it has such ones."""
    found: list[Any] = []
    for value in values:
        wanted = value.get(_IN_ANY_CASE) if isinstance(value, Mapping) else None
        spelled = _spellings().get((path, str(wanted).lower()), ()) if wanted is not None else ()
        found += spelled or [value]
    return tuple(found)


@lru_cache(maxsize=1)
def _spellings() -> Mapping[tuple[Path, str], Sequence[str]]:
    """Every known event source and name, by its small letters."""
    operations = load_operations()
    found: dict[tuple[Path, str], set[str]] = {}
    for source, names in operations.sources.items():
        found.setdefault((("eventSource",), source), set()).add(source)
        suffixed = (name + suffix for name, suffix in operations.dated.get(source, {}).items())
        for name in (*names, *suffixed):
            found.setdefault((("eventName",), name.lower()), set()).add(name)
    return {key: sorted(names) for key, names in found.items()}


def text_values(path: Path, tokens: Tokens, *, cased: bool = False) -> tuple[Any, ...]:
    """Return the values for a text, None standing for any characters."""
    kind = kind_of(path)
    plain = None not in tokens
    if tokens == (None,):
        return (PRESENT,)
    if plain:
        text = "".join(str(token) for token in tokens)
        return (*_other_types(kind, text), *(() if kind == "boolean" else (_whole(text, cased=cased),)))
    return (_written(tokens, cased=cased),)


def number_values(path: Path, number: float) -> tuple[Any, ...]:
    """Return the values for a number: records have it as a number or as its digits."""
    return (str(number),) if kind_of(path) == "string" else (number, str(number))


def boolean_values(path: Path, value: bool) -> tuple[Any, ...]:  # noqa: FBT001 - it is the value that is converted
    """Return the values for true or false: some fields hold the word."""
    word = {_IN_ANY_CASE: str(value).lower()}
    return {"boolean": (value,), "string": (word,)}.get(kind_of(path) or "", (value, word))


def null_values(path: Path) -> tuple[Any, ...]:
    """Return the values for a field that is null or missing."""
    return (ABSENT, None) if kind_of(path) == "any" else (ABSENT,)


def _other_types(kind: Kind | None, text: str) -> tuple[Any, ...]:
    """Return what a text may stand for where the record's field may be of any type."""
    if kind in ("boolean", "any") and text.lower() in ("true", "false"):
        return (text.lower() == "true",)
    if kind in ("number", "any") and text.isascii() and text.isdecimal() and str(int(text)) == text:
        return (int(text),)
    return ()


def _whole(text: str, *, cased: bool) -> Any:
    return text if cased or text.lower() == text.upper() else {_IN_ANY_CASE: text}


def _written(tokens: Tokens, *, cased: bool) -> Mapping[str, Any]:
    """Spell a text with stars as the plainest operator."""
    inner = tokens[1:-1] if len(tokens) > 1 else ()
    operator, shown = "wildcard", _escape(tokens)
    if tokens[-1] is None and None not in tokens[:-1]:
        operator, shown = "prefix", _join(tokens[:-1])
    elif tokens[0] is None and None not in (*inner, tokens[-1]):
        operator, shown = "suffix", _join(tokens[1:])
    return {operator: shown if cased or shown.lower() == shown.upper() else {_IN_ANY_CASE: shown}}


def _join(tokens: Tokens) -> str:
    return "".join(str(token) for token in tokens)


def _escape(tokens: Tokens) -> str:
    return "".join("*" if token is None else f"\\{token}" if token in ("*", "\\") else token for token in tokens)


def conjoin(one: Sequence[Any], other: Sequence[Any]) -> tuple[Any, ...]:
    """Return values such that a field has one of them where it has one of either list; none where it never has.

    Raises CannotCombineError.
    """
    if len(one) * len(other) > _MOST_PAIRS:
        raise CannotCombineError("its conditions meet in too many ways to be written")
    pairs = (found for this in one for that in other for found in _conjoin(this, that))
    return tuple({repr(found): found for found in pairs}.values())


def _conjoin(one: Any, other: Any) -> Sequence[Any]:
    for this, that in ((one, other), (other, one)):
        if this == PRESENT:
            return [] if that == ABSENT else [that]
        if this == ABSENT:
            return [ABSENT] if that == ABSENT else []
        if not isinstance(this, Mapping):
            return [this] if _accepts(that, this) else []
        if _IN_ANY_CASE in this and _ignores_case(that):
            return [this] if _accepts(that, this[_IN_ANY_CASE]) else []
    return [one] if one == other else [{"all-of": [*_parts(one), *_parts(other)]}]


def _ignores_case(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    ((operator, argument),) = value.items()
    return operator == _IN_ANY_CASE or (isinstance(argument, Mapping) and operator != "anything-but")


def _parts(value: Mapping[str, Any]) -> Sequence[Any]:
    parts: Sequence[Any] = value.get("all-of", [value])
    return parts


def _accepts(value: Any, leaf: Any) -> bool:
    return Pattern.parse({"field": [value]}).matches({"field": leaf})
