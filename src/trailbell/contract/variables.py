"""A function's environment as a typed class: the stack writes the variables from it, the handler reads them with it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from types import NoneType, UnionType
from typing import Any, ClassVar, Literal, Self, get_args, get_origin

PREFIX = "TRAILBELL_"


class VariableError(Exception):
    """A function's environment lacks a variable, or has one that is something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Variables of one function. A field `topic_arn` is the variable `TRAILBELL_TOPIC_ARN` unless it names another.

    A field is `str`, `Literal`, `int`, `tuple[str, ...]` or `Mapping[str, str]`, or one of these or None, which is no
    variable at all. What a tuple holds may also be of a class that reads with `parse` what `str` writes.
    """

    handler: ClassVar[str]
    """Where Lambda enters the function: `package.module.name`."""

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> Self:
        """Read the variables that a function was started with. Raises VariableError, which names what is wrong."""
        values: dict[str, Any] = {}
        for each in fields(cls):
            name = _variable(each)
            if name in variables:
                values[each.name] = _parse(name, variables[name], each.type)
            elif each.default is MISSING and each.default_factory is MISSING:
                raise VariableError(f"The function's environment has no {name}: deploy it anew with `cdk deploy`")
        return cls(**values)

    def variables(self) -> dict[str, str]:
        """Return the variables to start the function with."""
        values = {_variable(each): getattr(self, each.name) for each in fields(self)}
        return {name: _write(value) for name, value in values.items() if value is not None}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all variables that it may have."""
        return tuple(_variable(each) for each in fields(cls))


def _variable(field: Any) -> str:
    name: str = field.metadata.get("variable", PREFIX + field.name.upper())
    return name


def _write(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return json.dumps(dict(value)) if isinstance(value, Mapping) else str(value)


def _parse(name: str, text: str, type_: Any) -> Any:
    """Read one value. Raises VariableError."""
    wanted = _without_none(type_)
    options = get_args(wanted)
    try:
        match get_origin(wanted) or wanted:
            case kind if kind is Literal:
                return options[options.index(text)]
            case kind if kind is tuple:
                parse = getattr(options[0], "parse", str)
                return tuple(parse(item) for item in text.split(",")) if text else ()
            case kind:
                return _PARSERS[kind](text)
    except ValueError as error:
        raise VariableError(f"The function's environment has {name}={text!r}, and expects {type_}") from error


def _without_none(type_: Any) -> Any:
    """Return `X` for `X | None`."""
    return next(each for each in get_args(type_) if each is not NoneType) if isinstance(type_, UnionType) else type_


_PARSERS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    Mapping: json.loads,
}
