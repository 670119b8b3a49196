"""Properties that a type does not have, or must have: CloudFormation refuses such a template, MiniStack does not look.

What a type has is read from the class that the CDK library generates of its schema. Only names at the top of
`Properties` are judged, and their case is not: the library's are in snake case.
"""

import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ministack.services.cloudformation import stacks

_PARAMETER = re.compile(r"^ {8}(\w+): .*?( = None)?,$", re.MULTILINE)
Error = tuple[str, str, str, str, str]
"""Logical id, type, validation, path and reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The names of a type's properties, in lower case and without underscores."""

    known: frozenset[str]
    required: frozenset[str]


def install() -> None:
    """Judge properties before anything of a stack is made, where MiniStack judges others."""
    find = stacks._validation_errors

    def find_all(resources: Mapping[str, Any], ordered: Sequence[str], *others: Any) -> list[Error]:
        errors: list[Error] = list(find(resources, ordered, *others))
        for logical_id in ordered:
            errors += _errors(logical_id, resources[logical_id])
        return errors

    stacks._validation_errors = find_all


@cache
def schema(resource_type: str) -> Schema | None:
    """Return what the CDK library knows of a type, None where it does not know the type."""
    parts = resource_type.split("::")
    library = importlib.util.find_spec("aws_cdk")
    if len(parts) != 3 or parts[0] != "AWS" or library is None or not library.submodule_search_locations:  # noqa: PLR2004 - AWS::Service::Type
        return None
    file = Path(library.submodule_search_locations[0]) / f"aws_{parts[1].lower()}" / "__init__.py"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    start = text.find(f"\nclass Cfn{parts[2]}Props:")
    if start < 0:
        return None
    parameters = _PARAMETER.findall(text[start : text.index(") -> None:", start)])
    return Schema(
        known=frozenset(_plain(name) for name, _ in parameters),
        required=frozenset(_plain(name) for name, default in parameters if not default),
    )


def _errors(logical_id: str, resource: Mapping[str, Any]) -> list[Error]:
    found = schema(resource["Type"])
    properties = resource.get("Properties") or {}
    if found is None or "Fn::Transform" in properties:
        return []
    given = {_plain(name): name for name in properties}
    reasons = [f"extraneous key [{given[name]}] is not permitted" for name in given if name not in found.known]
    reasons += [f"required key [{name}] not found" for name in sorted(found.required - set(given))]
    path = f"/Resources/{logical_id}/Properties"
    return [(logical_id, resource["Type"], "PROPERTY_VALIDATION", path, f"#: {reason}") for reason in reasons]


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
