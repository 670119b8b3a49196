"""Checks a document against the model, and says what is wrong with it in words of the config."""

from collections.abc import Mapping
from types import NoneType
from typing import Any, TypeGuard, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trailbell.authoring.cursor import Cursor
from trailbell.authoring.problems import suggest

Model = TypeVar("Model", bound=BaseModel)

_SHOWN_CHARACTERS = 80
_TYPES = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def read_as(model: type[Model], cursor: Cursor) -> Model | None:
    """Return the value as the model; None where it has problems, which are told."""
    value = {} if cursor.value is None and not cursor.path else cursor.value
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _tell(model, cursor, detail)
        return None


def _tell(model: type[BaseModel], cursor: Cursor, detail: ErrorDetails) -> None:
    place = _place(cursor, detail)
    kind, context = detail["type"], detail.get("ctx", {})
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    match kind:
        case "extra_forbidden":
            place.error(f"unknown key {key}", suggest(key, _keys_at(model, detail["loc"][:-1])))
        case "missing":
            place.error(f"{key} is missing", "Add it.")
        case "trailbell":
            place.error(context["message"], context["tip"])
        case "literal_error":
            values = _literals(context["expected"])
            place.error(
                f"{_show(detail['input'])} is not one of the values it can have", suggest(str(detail["input"]), values)
            )
        case _ if kind in _TYPES:
            place.error(f"must be {_TYPES[kind]}, not {_show(detail['input'])}", _quote_tip(kind, detail["input"]))
        case "too_short":
            place.error("must not be empty")
        case "greater_than_equal":
            place.error(f"must be at least {context['ge']}, not {_show(detail['input'])}")
        case "less_than_equal":
            place.error(f"must be at most {context['le']}, not {_show(detail['input'])}")
        case _:
            message = detail["msg"].removeprefix("Value error, ")
            place.error(f"{_show(detail['input'])}: {message[:1].lower()}{message[1:]}")


def _place(cursor: Cursor, detail: ErrorDetails) -> Cursor:
    """Walk down to the value; pydantic's own steps, such as `[key]`, are no keys of the document."""
    wanted = detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"]
    for step in wanted:
        value = cursor.value
        known = step in value if isinstance(value, dict) else isinstance(value, list) and isinstance(step, int)
        if known:
            cursor = cursor.at(step)
    return cursor


def _keys_at(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the part of the model at a path can have."""
    part: Any = model
    for step in path:
        part = _unwrap(_fields(part).get(str(step)) if _is_model(part) else _inner(part))
    return list(_fields(part)) if _is_model(part) else []


def _is_model(part: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(part, type) and issubclass(part, BaseModel)


def _fields(model: type[BaseModel]) -> Mapping[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _inner(annotation: Any) -> Any:
    """Return what a list or a mapping holds."""
    return get_args(annotation)[-1] if get_origin(annotation) in (list, dict) else None


def _unwrap(annotation: Any) -> Any:
    """Return `X` for `X | None`."""
    options = [option for option in get_args(annotation) if option is not NoneType]
    return options[0] if NoneType in get_args(annotation) and options else annotation


def _literals(expected: str) -> list[str]:
    """Return the values of pydantic's `'a', 'b' or 'c'`."""
    return [value.strip().strip("'") for value in expected.replace(" or ", ",").split(",")]


def _show(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return repr(value if len(value) <= _SHOWN_CHARACTERS else value[:_SHOWN_CHARACTERS] + "...")
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return str(value)[:_SHOWN_CHARACTERS]


def _quote_tip(kind: str, value: Any) -> str:
    if kind == "string_type" and isinstance(value, int | float):
        return f'Put it in quotes: "{_show(value)}".'
    if kind == "list_type" and isinstance(value, str):
        return f"Put it in brackets: [{value}]."
    return ""
