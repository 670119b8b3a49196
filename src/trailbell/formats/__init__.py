"""Alerts as people and machines read them: one module a form. Importing one loads none of the others.

Those that the config names have a `FORMAT`, and a line in `FORMATS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trailbell.alert import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A form of an alert that the config names."""

    description: str
    """What it is, for the documentation."""
    render: "Callable[[Alert], str]"


FORMATS: Mapping[str, str] = {
    "json": "document",
    "text": "text",
    "amazon-q": "amazon_q",
}
"""What SNS can send to HTTPS subscribers: its name in the config -> the module that writes it."""


def load_format(name: str) -> Format:
    """Return a format. Raises KeyError where there is none of that name."""
    found: Format = import_module(f"trailbell.formats.{FORMATS[name]}").FORMAT
    return found
