"""Write docs/alert.schema.json, the JSON Schema of the JSON alert, from the dataclasses and their docstrings."""

import ast
import inspect
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from trailbell.alert import SCHEMA_VERSION, Alert
from trailbell.formats.document import PARTS, UNIONS

SCHEMA = Path(__file__).resolve().parent.parent / "docs" / "alert.schema.json"
SIMPLE: dict[Any, dict[str, str]] = {
    Any: {},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
}
WORKED_OUT: dict[str, Any] = {
    "version": {
        "type": "string",
        "pattern": rf"^{SCHEMA_VERSION.split('.')[0]}\.[0-9]+$",
        "description": "Of this schema: the minor number grows when fields are added.",
    },
    "trailbell_version": {"type": "string", "description": "Of the Trailbell that wrote the document."},
    "resource_count": {"type": "integer", "description": "How many resources the call was about, listed here or not."},
    "delay_seconds": {"type": "number", "description": "From the event's time to `alerted_at`."},
    "links": {
        "type": "object",
        "description": "Pages to open; only those that exist.",
        "properties": {name: {"type": "string"} for name in ("event", "resource", "runbook")},
    },
}
TRUNCATED = {
    "type": "array",
    "items": {"type": "string"},
    "description": "The fields that are not whole, in an alert that was too big for SNS; otherwise left out.",
}


def schema() -> dict[str, Any]:
    """Return the schema."""
    alert = _object(Alert)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Trailbell's JSON alert, version {SCHEMA_VERSION}",
        "description": "Pass over fields you do not know: a later minor version may have more.",
        **alert,
        "properties": {**WORKED_OUT, **alert["properties"], "truncated": TRUNCATED},
        "required": [*WORKED_OUT, *alert["required"]],
        "$defs": {part.__name__: _object(part) for part in PARTS},
    }


def _object(part: type[Any]) -> dict[str, Any]:
    hints, words = get_type_hints(part), _docstrings(part)
    properties = {
        field.name: _type(hints[field.name]) | ({"description": words[field.name]} if field.name in words else {})
        for field in fields(part)
    }
    required = [field.name for field in fields(part) if field.default is MISSING]
    return {"type": "object", "description": inspect.getdoc(part), "properties": properties, "required": required}


def _type(hint: Any) -> dict[str, Any]:
    if get_origin(hint) in UNIONS:
        return {"anyOf": [_type(option) for option in get_args(hint)]}
    if hint in SIMPLE:
        return dict(SIMPLE[hint])
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _type(get_args(hint)[0])}
    if get_origin(hint) is Mapping:
        return {"type": "object", "additionalProperties": _type(get_args(hint)[1])}
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _docstrings(part: type[Any]) -> dict[str, str]:
    """Return the string under each field, which Python itself does not keep."""
    (tree,) = ast.parse(inspect.getsource(part)).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - the source of a class
    found: dict[str, str] = {}
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            found[ast.unparse(field.target)] = inspect.cleandoc(str(text.value.value))
    return found


def text() -> str:
    """Return the schema as the file holds it."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
