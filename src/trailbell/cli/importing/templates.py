"""Finds EventBridge event patterns: by themselves, in what the AWS CLI prints, in CloudFormation templates."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_ENVELOPE = frozenset({"source", "detail-type", "detail", "account", "region", "resources", "id", "time", "version"})
_RULE = "AWS::Events::Rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPattern:
    """An event pattern, and what its rule says of itself."""

    name: str
    """Empty where the pattern stands alone."""
    description: str
    pattern: Mapping[str, Any]
    enabled: bool = True


class _TemplateLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Ref Name` is `{Ref: Name}`."""


def _construct_short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    key = suffix if suffix == "Ref" else f"Fn::{suffix}"
    if isinstance(node, yaml.MappingNode):
        return {key: loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    return {key: node.value}


_TemplateLoader.add_multi_constructor("!", _construct_short_form)


def find_patterns(text: str) -> list[FoundPattern]:
    """Return the event patterns of a file. Raises ValueError where it is neither JSON nor YAML."""
    try:
        value = json.loads(text)
    except ValueError:
        if "EventPattern" not in text and "detail" not in text:
            return []
        try:
            value = yaml.load(text, Loader=_TemplateLoader)  # noqa: S506 - it is a SafeLoader, with tags read as data
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from error
    return list(_find(value))


def _find(value: Any) -> Iterator[FoundPattern]:
    if isinstance(value, list):
        for item in value:
            yield from _find(item)
    if not isinstance(value, Mapping):
        return
    if "EventPattern" in value:
        yield from _read_rule(value, "")
    elif isinstance(value.get("Rules"), list):
        yield from _find(value["Rules"])
    elif isinstance(value.get("Resources"), Mapping):
        for name, resource in value["Resources"].items():
            if isinstance(resource, Mapping) and resource.get("Type") == _RULE:
                properties = resource.get("Properties")
                yield from _read_rule(properties if isinstance(properties, Mapping) else {}, str(name))
    elif value and value.keys() <= _ENVELOPE | {"$or"} and _ENVELOPE & value.keys():
        yield FoundPattern(name="", description="", pattern=value)


def _read_rule(rule: Mapping[str, Any], name: str) -> Iterator[FoundPattern]:
    pattern = rule.get("EventPattern")
    if isinstance(pattern, str):
        pattern = json.loads(pattern)
    if isinstance(pattern, Mapping):
        own, about = rule.get("Name"), rule.get("Description")
        yield FoundPattern(
            name=own if isinstance(own, str) else name,
            description=about if isinstance(about, str) else "",
            pattern=pattern,
            enabled=rule.get("State") != "DISABLED",
        )
