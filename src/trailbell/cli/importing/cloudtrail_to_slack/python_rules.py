"""cloudtrail-to-slack's rules: Python expressions on `event`, read as conditions. They are parsed, never run."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trailbell.authoring.reachability.catalog import Path
from trailbell.cli.importing.conditions import (
    ABSENT,
    PRESENT,
    Field,
    UnknownFieldError,
    find_field,
    null_values,
    star,
    text_values,
)
from trailbell.cli.importing.logic import And, Expression, Not, Or

_NO_DEFAULT: Final = object()


class NotReadableError(ValueError):
    """An expression that is more than conditions on fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    """`event["field"]`, or `event.get("field", default)`."""

    name: str
    default: Any


def read_rule(text: str) -> Expression:
    """Return the condition that an expression states. Raises NotReadableError."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotReadableError(f"it is no Python expression ({error})") from error
    try:
        return _read(tree.body)
    except RecursionError as error:
        raise NotReadableError("it is nested too deeply") from error


def split_rules(text: str, separator: str) -> list[str]:
    """Return the expressions of a list; commas within one do not part it."""
    if separator == ",":
        try:
            tree = ast.parse(f"({text.strip().strip(',')},)", mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = None
        if isinstance(tree, ast.Tuple):
            return [ast.unparse(element) for element in tree.elts]
    return [part.strip() for part in text.split(separator) if part.strip()]


def _read(node: ast.expr) -> Expression:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return And(parts=tuple(map(_read, values)))
        case ast.BoolOp(op=ast.Or(), values=values):
            return Or(parts=tuple(map(_read, values)))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(part=_read(operand))
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _compare(left, operator, right)
        case ast.Call(
            func=ast.Attribute(value=place, attr=("startswith" | "endswith") as name), args=[argument], keywords=[]
        ):
            wanted = _strings(argument)
            return _hold(
                _reference(place),
                [star(text, None) if name == "startswith" else star(None, text) for text in wanted],
                lambda value: (
                    isinstance(value, str)
                    and (value.startswith(tuple(wanted)) if name == "startswith" else value.endswith(tuple(wanted)))
                ),
            )
        case _:
            raise NotReadableError(f"{ast.unparse(node)} is no condition on a field")


def _compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Expression:
    match operator:
        case ast.Eq() | ast.NotEq():
            if isinstance(left, ast.Constant):
                left, right = right, left
            found = _equal(_reference(left), [_constant(right)], negated=isinstance(operator, ast.NotEq))
        case ast.Is() | ast.IsNot() if isinstance(right, ast.Constant) and right.value is None:
            found = _equal(_reference(left), [None], negated=isinstance(operator, ast.IsNot))
        case ast.In() | ast.NotIn():
            found = _contained(left, right, negated=isinstance(operator, ast.NotIn))
        case _:
            raise NotReadableError("of comparisons, ==, !=, in and not in on fields are read")
    return found


def _contained(left: ast.expr, right: ast.expr, *, negated: bool) -> Expression:
    if isinstance(right, ast.Name) and right.id == "event":
        field = Field(path=_path(_string(left)), values=(PRESENT,))
        return Not(part=field) if negated else field
    if isinstance(right, ast.List | ast.Tuple | ast.Set):
        return _equal(_reference(left), [_constant(item) for item in right.elts], negated=negated)
    word = _string(left)
    return _hold(
        _reference(right),
        [star(None, word, None)],
        lambda value: isinstance(value, str) and word in value,
        negated=negated,
    )


def _equal(reference: _Reference, values: Sequence[Any], *, negated: bool) -> Expression:
    path = _path(reference.name)
    wanted: list[Any] = []
    for value in values:
        if isinstance(value, str):
            wanted += text_values(path, star(value), cased=True)[-1:]
        elif value is not None or None in null_values(path):
            wanted.append(value)
    return _with_default(reference, path, wanted, lambda value: value in values, negated=negated)


def _hold(
    reference: _Reference,
    texts: Sequence[tuple[str | None, ...]],
    test: Callable[[Any], bool],
    *,
    negated: bool = False,
) -> Expression:
    path = _path(reference.name)
    values = tuple(value for tokens in texts for value in text_values(path, tokens, cased=True))
    return _with_default(reference, path, values, test, negated=negated)


def _with_default(
    reference: _Reference, path: Path, values: Sequence[Any], test: Callable[[Any], bool], *, negated: bool
) -> Expression:
    """Say, too, what becomes of a record without the field: `event[...]` fails there, and the rule does not hold."""
    always_there = reference.default is _NO_DEFAULT
    taken = (*values, ABSENT) if not always_there and test(reference.default) else tuple(values)
    held: Expression = Field(path=path, values=taken) if taken else Or(parts=())
    if not negated:
        return held
    present = Field(path=path, values=(PRESENT,))
    return And(parts=(present, Not(part=held))) if always_there else Not(part=held)


def _reference(node: ast.expr) -> _Reference:
    match node:
        case ast.Subscript(value=ast.Name(id="event"), slice=key):
            return _Reference(name=_string(key), default=_NO_DEFAULT)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="event"), attr="get"), args=[key], keywords=[]):
            return _Reference(name=_string(key), default=None)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="event"), attr="get"), args=[key, default], keywords=[]):
            return _Reference(name=_string(key), default=_constant(default))
        case _:
            raise NotReadableError(f"{ast.unparse(node)} is no field of the event")


def _path(name: str) -> Path:
    try:
        path = find_field(name)
    except UnknownFieldError as error:
        raise NotReadableError(f"{name}: {error}") from error
    if path[0] == "trailbell" or any(step.isdecimal() for step in path):
        raise NotReadableError(f"{name} is no single value of the record")
    return path


def _string(node: ast.expr) -> str:
    value = _constant(node)
    if not isinstance(value, str):
        raise NotReadableError(f"{ast.unparse(node)} is no text")
    return value


def _strings(node: ast.expr) -> list[str]:
    return [_string(item) for item in node.elts] if isinstance(node, ast.Tuple) else [_string(node)]


def _constant(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=str() | int() | float() | None as value):
            return value
        case _:
            raise NotReadableError(f"{ast.unparse(node)} is no plain value")
