"""The part of JSON Schema that docs/alert.schema.json uses; any other keyword is an error."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

WORDS = {"$schema", "title", "description", "$defs", "format"}
TYPES: Mapping[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
    "null": type(None),
}  # fmt: skip


def violations(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], path: str = "$") -> Iterator[str]:
    """Yield where a value is not what its schema says."""
    unknown = schema.keys() - WORDS - {"type", "enum", "pattern", "$ref", "anyOf", "items", "properties", "required"}
    assert not unknown, f"teach this validator {unknown}"
    if "$ref" in schema:
        yield from violations(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, path)
    if "anyOf" in schema and all(any(violations(value, option, root)) for option in schema["anyOf"]):
        yield f"{path}: fits no option"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    kind: Any = TYPES[schema["type"]] if "type" in schema else object
    if not isinstance(value, kind) or (isinstance(value, bool) and schema.get("type") in {"integer", "number"}):
        yield f"{path}: {value!r} is no {schema['type']}"
        return
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} does not match {schema['pattern']}"
    if schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
        yield f"{path}: {value!r} has no time zone"
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, part in schema.get("properties", {}).items():
        if name in value:
            yield from violations(value[name], part, root, f"{path}.{name}")
    for number, item in enumerate(value if "items" in schema else ()):
        yield from violations(item, schema["items"], root, f"{path}[{number}]")
