"""A rule's `summary`: a sentence with placeholders, which a record's facts fill."""

import re
from typing import TYPE_CHECKING

from trailbell.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trailbell.record import Record, Resource

NAMED_RESOURCES = 3
"""How many resources a sentence names before it counts the rest."""


def _name_resources(resources: "tuple[Resource, ...]") -> str:
    """Name the most important resources and count the rest: `i-1, i-2, i-3 and 4 more`."""
    created = [resource for resource in resources if resource.role == "created"]
    chosen = created or list(resources)
    names = [resource.id for resource in chosen[:NAMED_RESOURCES]]
    rest = len(chosen) - len(names)
    return (", ".join(names) or "nothing named") + (f" and {rest} more" if rest else "")


PLACEHOLDERS: "Mapping[str, Callable[[Record, str], str]]" = {
    "account": lambda record, _: record.event.account_name or record.event.account_id,
    "address": lambda record, _: record.origin.network or record.origin.address or "an unknown address",
    "change": lambda _, words: words,
    "error": lambda record, _: record.event.error_code or "no error",
    "event": lambda record, _: record.event.name,
    "principal": lambda record, _: record.principal.display,
    "region": lambda record, _: record.event.region,
    "resources": lambda record, _: _name_resources(record.resources),
    "service": lambda record, _: record.event.service,
}
"""What a rule's `summary` may name in braces, and what is put there. `{change}` is the plain-words sentence."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_summary(template: str) -> None:
    """Refuse a `summary` with an unknown placeholder. Raises ConfigError."""
    for name in _PLACEHOLDER.findall(template):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{placeholder}}}" for placeholder in sorted(PLACEHOLDERS))
            raise ConfigError(f"summary: unknown placeholder {{{name}}}; use one of {known}")


def fill_summary(template: str, record: "Record", words: str) -> str:
    """Put a record's facts into a rule's `summary`. Values are put in as they are and never read as a template."""
    return _PLACEHOLDER.sub(lambda found: PLACEHOLDERS[found[1]](record, words), template)
