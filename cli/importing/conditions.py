"""One field's condition, as other tools state it, in values of an event pattern."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.importing.wildcards import Tokens, TooManyTextsError, meet, star
from trailbell.authoring.reachability.catalog import Kind, Path, kind_of, kinds
from trailbell.pattern import Pattern
from trailbell.pattern.text import fold

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
EVERYWHERE: Path = ("trailbell", "text", "record")
"""The fact that is the whole record's text."""


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
    found: list[Any] = []
    for this in one:
        for that in other:
            found += [value for value in _conjoin(this, that) if not any(_same(value, seen) for seen in found)]
    return tuple(found)


def _same(one: Any, other: Any) -> bool:
    """Compare as JSON does: 1 is not true."""
    return type(one) is type(other) and bool(one == other)


def _conjoin(one: Any, other: Any) -> Sequence[Any]:
    for this, that in ((one, other), (other, one)):
        if this == PRESENT:
            return [] if that == ABSENT else [that]
        if this == ABSENT:
            return [ABSENT] if that == ABSENT else []
        if not isinstance(this, Mapping):
            return [this] if _accepts(that, this) else []
    kinds_of = {_kind(one), _kind(other)}
    if kinds_of == {"text"}:
        return _conjoin_texts(one, other)
    if kinds_of == {"numeric"}:
        return _conjoin_ranges(one["numeric"], other["numeric"])
    if "numeric" in kinds_of:
        return []  # a value is a number or a text
    raise CannotCombineError("its conditions cannot be put into one")


def _accepts(value: Any, leaf: Any) -> bool:
    return Pattern.parse({"field": [value]}).matches({"field": leaf})


def _kind(value: Mapping[str, Any]) -> str:
    (operator,) = value
    return operator if operator in ("numeric", "cidr", "anything-but") else "text"


def _conjoin_texts(one: Mapping[str, Any], other: Mapping[str, Any]) -> Sequence[Any]:
    first, first_cased = _read(one)
    second, second_cased = _read(other)
    letters = [any(token and token.lower() != token.upper() for token in tokens) for tokens in (first, second)]
    cased = first_cased if letters[0] else second_cased
    if all(letters) and first_cased != second_cased:
        raise CannotCombineError("one of its conditions tells upper from lower case, another does not")
    if not cased:
        first, second = (tuple(token and fold(token) for token in tokens) for tokens in (first, second))
    try:
        texts = meet(first, second)
    except TooManyTextsError as error:
        raise CannotCombineError("its conditions hold in too many orders to be written") from error
    return [
        _whole(_join(tokens), cased=cased) if None not in tokens else _written(tokens, cased=cased) for tokens in texts
    ]


def _read(value: Mapping[str, Any]) -> tuple[Tokens, bool]:
    """Return the text of an operator, and whether it tells upper from lower case."""
    ((operator, argument),) = value.items()
    if operator == _IN_ANY_CASE:
        return tuple(argument), False
    cased = isinstance(argument, str)
    text = argument if isinstance(argument, str) else argument[_IN_ANY_CASE]
    if operator == "prefix":
        return star(text, None), cased
    if operator == "suffix":
        return star(None, text), cased
    return _unescape(text), cased


def _unescape(text: str) -> Tokens:
    characters = iter(text)
    return tuple(
        None if character == "*" else next(characters) if character == "\\" else character for character in characters
    )


def _conjoin_ranges(one: Sequence[Any], other: Sequence[Any]) -> Sequence[Any]:
    terms = [(terms[place], terms[place + 1]) for terms in (one, other) for place in range(0, len(terms), 2)]
    low = max(((number, sign) for sign, number in terms if sign in (">", ">=")), default=None, key=_tightest_low)
    high = min(((number, sign) for sign, number in terms if sign in ("<", "<=")), default=None, key=_tightest_high)
    if low is None or high is None:
        ends = [end for end in (low, high) if end is not None]
        return [{"numeric": [sign, number]} for number, sign in ends]
    if low[0] == high[0]:
        return [{"numeric": ["=", low[0]]}] if (low[1], high[1]) == (">=", "<=") else []
    return [{"numeric": [low[1], low[0], high[1], high[0]]}] if low[0] < high[0] else []


def _tightest_low(end: tuple[float, str]) -> tuple[float, bool]:
    return end[0], end[1] == ">"


def _tightest_high(end: tuple[float, str]) -> tuple[float, bool]:
    return end[0], end[1] == "<="
