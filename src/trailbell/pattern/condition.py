"""One field's list of values: what a pattern says of it, and whether a value holds to it."""

import operator
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, NoReturn

from trailbell.errors import PatternError
from trailbell.pattern.address import read_block
from trailbell.pattern.text import (
    TextTest,
    ends_ignoring_case,
    equals_ignoring_case,
    matches_wildcard,
    matches_wildcard_ignoring_case,
    split_wildcard,
    starts_ignoring_case,
)

LARGEST_NUMBER = 5_000_000_000
"""`numeric` works between plus and minus this (EventBridge's guide, "Numeric matching")."""

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
}
_RANGE_TERMS = 4
_FEWEST_OF_ALL = 2


class Condition:
    """What a pattern demands of one field. A plain class: making a dataclass costs a cold start a millisecond."""

    __slots__ = ("absent", "exact", "expected", "name", "path", "test")

    def __init__(self, path: tuple[str, ...], expected: Sequence[Any], choice: "_Choice") -> None:
        self.path = path
        self.name = ".".join(path)
        """The path with dots, as messages show it."""
        self.expected = expected
        """The list as the pattern has it."""
        self.test: Callable[[Any], bool] = _compile(choice)
        """Whether one leaf (string, number, boolean or null) is among what is expected."""
        self.absent = choice.absent
        """Whether the field may be missing: the list has `{"exists": false}`."""
        plain = all(type(value) is str for value in expected)
        self.exact = frozenset(choice.strings) if plain else None
        """The strings, where the list names nothing but strings."""

    def __repr__(self) -> str:
        return f"Condition({self.name}: {self.expected})"


class _Choice:
    """What the list's entries come to; a leaf holds if anything here takes it."""

    def __init__(self) -> None:
        self.strings: set[str] = set()
        self.numbers: set[float] = set()
        self.literals: set[bool | None] = set()
        self.texts: list[TextTest] = []
        """Tests for strings."""
        self.counts: list[Callable[[float], bool]] = []
        """Tests for numbers."""
        self.others: list[Callable[[Any], bool]] = []
        """Tests for any leaf."""
        self.all_strings = self.all_numbers = self.all_literals = False
        self.absent = False


def read_condition(path: tuple[str, ...], values: Sequence[Any]) -> Condition:
    """Check and compile a field's list of values. Raises PatternError."""
    name = ".".join(path)
    if not values:
        raise PatternError(f"{name}: the list is empty and nothing can match it; name a value or take the field out")
    choice = _Choice()
    for value in values:
        _add(choice, name, value)
    return Condition(path, values, choice)


def _compile(choice: _Choice) -> Callable[[Any], bool]:
    """Return the test of a leaf."""
    if not choice.others:
        return _compile_typed(choice)
    typed, others = _compile_typed(choice), tuple(choice.others)
    return lambda value: typed(value) or any(holds(value) for holds in others)


def _compile_typed(choice: _Choice) -> Callable[[Any], bool]:
    strings, numbers, literals = frozenset(choice.strings), frozenset(choice.numbers), frozenset(choice.literals)
    texts, counts = tuple(choice.texts), tuple(choice.counts)
    all_strings, all_numbers, all_literals = choice.all_strings, choice.all_numbers, choice.all_literals
    if not (texts or numbers or counts or literals or all_strings or all_numbers or all_literals):
        return lambda value: type(value) is str and value in strings
    if len(texts) == 1 and not (strings or numbers or counts or literals or all_strings or all_numbers or all_literals):
        (only,) = texts
        return lambda value: type(value) is str and only(value)

    def test(value: Any) -> bool:
        kind = type(value)
        if kind is str:
            return all_strings or value in strings or any(holds(value) for holds in texts)
        if kind is int or kind is float:
            return all_numbers or value in numbers or any(holds(value) for holds in counts)
        return (value is None or kind is bool) and (all_literals or value in literals)

    return test


def _add(choice: _Choice, name: str, value: Any) -> None:
    """Add one entry of the list."""
    if isinstance(value, str):
        choice.strings.add(value)
    elif value is None or isinstance(value, bool):
        choice.literals.add(value)
    elif isinstance(value, int | float):
        choice.numbers.add(value)
    elif isinstance(value, Mapping):
        if len(value) != 1:
            raise PatternError(
                f"{name}: an operator object has exactly one key, this one has {len(value)}: {dict(value)}; "
                "write one object for each operator"
            )
        ((operator_name, argument),) = value.items()
        add = _OPERATORS.get(operator_name)
        if add is None:
            raise PatternError(f"{name}: there is no operator {operator_name!r}; use one of {', '.join(_OPERATORS)}")
        add(choice, f"{name}: {operator_name}", argument)
    else:
        raise PatternError(f"{name}: a list within the list is no value; write its entries into the outer list")


def _refuse(name: str, argument: Any, wanted: str) -> NoReturn:
    raise PatternError(f"{name} takes {wanted}, not {str(argument)[:100]!r}")


def _only_key(argument: Any, key: str) -> bool:
    return isinstance(argument, Mapping) and list(argument) == [key]


def _add_prefix(choice: _Choice, name: str, argument: Any) -> None:
    choice.texts.append(_prefix(name, argument))


def _prefix(name: str, argument: Any) -> TextTest:
    if isinstance(argument, str):
        return lambda value: value.startswith(argument)
    if _only_key(argument, "equals-ignore-case") and isinstance(argument["equals-ignore-case"], str):
        return starts_ignoring_case(argument["equals-ignore-case"])
    _refuse(name, argument, 'a string or {"equals-ignore-case": a string}')


def _add_suffix(choice: _Choice, name: str, argument: Any) -> None:
    choice.texts.append(_suffix(name, argument))


def _suffix(name: str, argument: Any) -> TextTest:
    if isinstance(argument, str):
        return lambda value: value.endswith(argument)
    if _only_key(argument, "equals-ignore-case") and isinstance(argument["equals-ignore-case"], str):
        return ends_ignoring_case(argument["equals-ignore-case"])
    _refuse(name, argument, 'a string or {"equals-ignore-case": a string}')


def _add_ignore_case(choice: _Choice, name: str, argument: Any) -> None:
    choice.texts.append(_ignore_case(name, argument))


def _ignore_case(name: str, argument: Any) -> TextTest:
    if not isinstance(argument, str):
        _refuse(name, argument, "a string")
    return equals_ignoring_case(argument)


def _add_wildcard(choice: _Choice, name: str, argument: Any) -> None:
    choice.texts.append(_wildcard(name, argument))


def _wildcard(name: str, argument: Any) -> TextTest:
    """Return the test. In any case is Trailbell's own: EventBridge has it for whole strings, prefixes and suffixes."""
    ignores_case = _only_key(argument, "equals-ignore-case")
    text = argument["equals-ignore-case"] if ignores_case else argument
    texts = split_wildcard(text) if isinstance(text, str) else None
    if texts is None:
        _refuse(
            name,
            argument,
            'a string, or {"equals-ignore-case": a string}, with no two stars in a row, '
            r"and \* for a star and \\ for a backslash",
        )
    return matches_wildcard_ignoring_case(texts) if ignores_case else matches_wildcard(texts)


def _add_cidr(choice: _Choice, name: str, argument: Any) -> None:
    block = read_block(argument) if isinstance(argument, str) else None
    if block is None:
        _refuse(name, argument, "an address block such as 10.0.0.0/8 or 2001:db8::/32")
    choice.texts.append(block)


def _add_exists(choice: _Choice, name: str, argument: Any) -> None:
    if not isinstance(argument, bool):
        _refuse(name, argument, "true or false")
    if argument:
        choice.all_strings = choice.all_numbers = choice.all_literals = True
    else:
        choice.absent = True


def _add_all_of(choice: _Choice, name: str, argument: Any) -> None:
    """Add values that must all hold of the same leaf: Trailbell's own."""
    if not isinstance(argument, list) or len(argument) < _FEWEST_OF_ALL:
        _refuse(name, argument, "a list of two or more operators")
    tests = []
    for value in argument:
        inner = _Choice()
        _add(inner, name, value)
        if inner.absent:
            raise PatternError(f"{name}: a field that is missing has no value; take {{exists: false}} out of it")
        tests.append(_compile(inner))
    choice.others.append(lambda leaf: all(holds(leaf) for holds in tests))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _add_numeric(choice: _Choice, name: str, argument: Any) -> None:
    if not isinstance(argument, list) or len(argument) not in (2, _RANGE_TERMS):
        _refuse(name, argument, 'a list such as ["<", 10] or [">", 0, "<=", 5]')
    terms = list(zip(argument[::2], argument[1::2], strict=True))
    for sign, number in terms:
        if not isinstance(sign, str) or sign not in _COMPARE:
            raise PatternError(f"{name}: there is no comparison {sign!r}; use one of {', '.join(_COMPARE)}")
        if not _is_number(number) or abs(number) > LARGEST_NUMBER:
            _refuse(f"{name} {sign}", number, "a number between -5e9 and 5e9, without quotes")
    if len(terms) > 1:
        (low_sign, low), (high_sign, high) = terms
        if low_sign not in (">", ">=") or high_sign not in ("<", "<=") or low >= high:
            _refuse(name, argument, 'a range from low to high, such as [">", 0, "<=", 5]')
    compares = [(_COMPARE[sign], number) for sign, number in terms]
    choice.counts.append(
        lambda value: (
            -LARGEST_NUMBER <= value <= LARGEST_NUMBER and all(compare(value, number) for compare, number in compares)
        )
    )


def _add_anything_but(choice: _Choice, name: str, argument: Any) -> None:
    choice.all_literals = True
    values = argument if isinstance(argument, list) else [argument]
    if isinstance(argument, Mapping):
        _add_anything_but_text(choice, name, argument)
    elif values and all(isinstance(value, str) for value in values):
        refused = frozenset(values)
        choice.texts.append(lambda value: value not in refused)
        choice.all_numbers = True
    elif values and all(_is_number(value) for value in values):
        numbers = frozenset(values)
        choice.counts.append(lambda value: value not in numbers)
        choice.all_strings = True
    else:
        _refuse(name, argument, "a string or number, a list of either, or one operator on strings")


_TEXT_OPERATORS: Mapping[str, Callable[[str, Any], TextTest]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _ignore_case,
    "wildcard": _wildcard,
}


def _add_anything_but_text(choice: _Choice, name: str, argument: Mapping[str, Any]) -> None:
    if len(argument) != 1 or not _TEXT_OPERATORS.keys() >= argument.keys():
        _refuse(name, dict(argument), f"one of {', '.join(_TEXT_OPERATORS)}")
    ((operator_name, wanted),) = argument.items()
    wants = wanted if isinstance(wanted, list) else [wanted]
    if not wants or any(want in ("", {"equals-ignore-case": ""}) for want in wants):
        _refuse(f"{name} {operator_name}", wanted, "a string, or a list of strings, none of them empty")
    refused = tuple(_TEXT_OPERATORS[operator_name](f"{name} {operator_name}", want) for want in wants)
    choice.texts.append(lambda value: not any(holds(value) for holds in refused))
    choice.all_numbers = True


_OPERATORS: Mapping[str, Callable[[_Choice, str, Any], None]] = {
    "prefix": _add_prefix,
    "suffix": _add_suffix,
    "equals-ignore-case": _add_ignore_case,
    "wildcard": _add_wildcard,
    "anything-but": _add_anything_but,
    "numeric": _add_numeric,
    "cidr": _add_cidr,
    "exists": _add_exists,
    "all-of": _add_all_of,
}
