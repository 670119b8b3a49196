"""Where alerts go. A kind of destination is a file here with a `KIND`, and its line in `KINDS`."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from trailbell.destinations.interface import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is known of a kind without loading it, which the detector spares itself."""

    section: str
    """The key under `destinations` that holds its settings."""
    only_by_label: bool = False
    """Whether it gets only what a route names one of its labels for."""


KINDS: Mapping[str, Line] = {
    "slack": Line(section="slack"),
    "topic": Line(section="topics", only_by_label=True),
    "webhook": Line(section="webhook"),
    "teams": Line(section="teams"),
    "pagerduty": Line(section="pagerduty"),
    "security-hub": Line(section="security_hub"),
}
"""The kinds that need a function, as routes call them; `slack/soc` is the label `soc` of `slack`.

Config model, JSON schema, documentation, functions with their environments, secrets, grants, and the checks of `doctor`
are read off this.
"""


def load_kind(name: str) -> Kind[Any]:
    """Return a kind. Raises KeyError where there is none of that name."""
    if name not in KINDS:
        raise KeyError(f"there is no kind of destination {name}")
    kind: Kind[Any] = import_module(f"trailbell.destinations.{name.replace('-', '_')}").KIND
    return kind


def all_kinds() -> Mapping[str, Kind[Any]]:
    """Return every kind by its name."""
    return {name: load_kind(name) for name in KINDS}
