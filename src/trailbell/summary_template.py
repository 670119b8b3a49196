"""A rule's `summary`: a sentence with placeholders, which a record's values fill."""

import re
from typing import TYPE_CHECKING

from trailbell.errors import ConfigError
from trailbell.named_values import former_names, known_names, named_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trailbell.record import Record

CHANGE = "change"
"""The placeholder that is no value of the record: the plain-words sentence."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders() -> list[str]:
    """Return what a `summary` may name in braces, by name."""
    return sorted([CHANGE, *named_values("placeholder")])


def check_summary(template: str) -> None:
    """Refuse a `summary` with an unknown placeholder. Raises ConfigError."""
    for name in _PLACEHOLDER.findall(template):
        if name != CHANGE and name not in known_names("placeholder"):
            known = ", ".join(f"{{{placeholder}}}" for placeholder in placeholders())
            raise ConfigError(f"summary: unknown placeholder {{{name}}}; use one of {known}")


def former_placeholders(template: str) -> "Mapping[str, str]":
    """Return the placeholders of a `summary` that have another name today, with that name."""
    former = former_names("placeholder")
    return {name: former[name].name for name in _PLACEHOLDER.findall(template) if name in former}


def present_summary(template: str) -> str:
    """Return a `summary` with the names that its values have today."""
    return _respell(template, {name: value.name for name, value in former_names("placeholder").items()})


def stored_summary(template: str) -> str:
    """Return a `summary` as compiled configs hold it: with the names that every version understands."""
    names = {name: value.stored_as("placeholder") for name, value in named_values("placeholder").items()}
    return _respell(template, names)


def fill_summary(template: str, record: "Record", words: str) -> str:
    """Put a record's values into a rule's `summary`. They are put in as they are and never read as a template."""
    known = known_names("placeholder")
    return _replace(template, lambda name: words if name == CHANGE else known[name].words(record))


def _respell(template: str, names: "Mapping[str, str]") -> str:
    return _replace(template, lambda name: f"{{{names.get(name, name)}}}")


def _replace(template: str, put: "Callable[[str], str]") -> str:
    return _PLACEHOLDER.sub(lambda found: put(found[1]), template)
