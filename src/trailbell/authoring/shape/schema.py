"""The JSON Schema of the config file, for editors and for `config/trailbell.schema.json`."""

import json
from collections.abc import Mapping
from typing import Any

from trailbell.authoring.reachability.catalog import FACT_ROOT, VALUES, Path, kind_of, kinds
from trailbell.authoring.shape.model import ConfigFile
from trailbell.facts.catalogue import FACTS
from trailbell.named_values import former_names, named_values
from trailbell.summary_template import placeholders

_PATTERN = {"$ref": "#/$defs/EventPattern"}
_VALUES = {"$ref": "#/$defs/Values"}


def config_schema() -> dict[str, Any]:
    """Return the schema of a config file; a rule file of a pack is valid against it too."""
    schema = ConfigFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    _point_to_patterns(definitions["RulePart"]["properties"]["match"], definitions["RulePart"]["properties"]["except"])
    _point_to_patterns(definitions["SuppressionPart"]["properties"]["match"])
    for part in ("DedupePart", "FirstSeenPart", "ThresholdPart"):
        definitions[part]["properties"]["by"]["items"] = _key_names()
    summary = definitions["RulePart"]["properties"]["summary"]
    summary["description"] += f" Placeholders: {', '.join(f'{{{name}}}' for name in placeholders())}."
    definitions["EventPattern"] = _event_pattern()
    definitions["Values"] = _values()
    definitions["Operator"] = _operator()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Trailbell config"}


def render_schema() -> str:
    """Return the schema as the file holds it."""
    return json.dumps(config_schema(), indent=2) + "\n"


def _key_names() -> dict[str, Any]:
    """Return the schema of a name in `by`; former names are understood, and struck through by editors that can."""
    former = {"enum": sorted(former_names("key")), "deprecated": True}
    return {"anyOf": [{"type": "string", "enum": sorted(named_values("key"))}, {"type": "string", **former}]}


def _point_to_patterns(*properties: dict[str, Any]) -> None:
    for field in properties:
        if field.get("type") == "array":
            field["items"] = _PATTERN
        else:
            for key in ("type", "additionalProperties"):
                field.pop(key, None)
            field.update(_PATTERN)


def _event_pattern() -> dict[str, Any]:
    """Return the schema of a pattern: the record's fields by name, so that editors can complete and check them."""
    pattern = _object(())
    pattern["additionalProperties"] = False
    pattern["patternProperties"] = {"[.]": {}}  # a dotted key, which EventBridge takes for a path
    pattern["minProperties"] = 1
    pattern["description"] = "EventBridge event pattern on the CloudTrail record, and on Trailbell's facts."
    return pattern


def _object(path: Path) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for known in sorted(kinds()):
        if len(known) == len(path) + 1 and known[: len(path)] == path:
            fields[known[-1]] = _field(known)
    branches = {"type": "array", "minItems": 1, "items": {"type": "object"} if path else _PATTERN}
    fields["$or"] = {**branches, "description": "Any of these patterns holds."}
    return {"type": "object", "properties": fields}


def _field(path: Path) -> dict[str, Any]:
    match kind_of(path):
        case "object":
            return _object(path) | ({"additionalProperties": False} if path[0] == FACT_ROOT else {})
        case "any":
            return {"type": ["object", "array"]}
        case _:
            return {**_VALUES, **_described(path)}


def _described(path: Path) -> Mapping[str, str]:
    meaning = FACTS.get(".".join(path[1:]), "") if path[0] == FACT_ROOT else ""
    values = ", ".join(VALUES.get(path, ()))
    text = meaning or (f"One of {values}." if values else "")
    return {"description": text} if text else {}


def _values() -> dict[str, Any]:
    plain = {"type": ["string", "number", "boolean", "null"]}
    return {"type": "array", "minItems": 1, "items": {"anyOf": [plain, {"$ref": "#/$defs/Operator"}]}}


def _operator() -> dict[str, Any]:
    """Return the schema of `{operator: argument}`."""
    text = {"type": "string"}
    texts = {"type": ["string", "array", "object"]}
    arguments: dict[str, Any] = {
        "prefix": {"type": ["string", "object"]},
        "suffix": {"type": ["string", "object"]},
        "equals-ignore-case": text,
        "wildcard": {"type": ["string", "object"]},
        "anything-but": {"type": ["string", "number", "array", "object"]},
        "numeric": {"type": "array", "minItems": 2},
        "cidr": texts,
        "exists": {"type": "boolean"},
        "all-of": {"type": "array", "minItems": 2},
    }
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": arguments,
    }
