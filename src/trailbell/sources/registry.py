"""The sources there are. Each is loaded when it is used: a function needs one, most commands another."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

SOURCES: Mapping[str, str] = {
    "eventbridge": "trailbell.sources.eventbridge",
    "trail-files": "trailbell.sources.trail_files",
    "trail-bucket": "trailbell.sources.trail_bucket",
    "event-history": "trailbell.sources.event_history",
}
"""Name -> module whose SOURCE it is: `Delivered` or `Asked`. Help names them in this order."""


def load_source(name: str) -> Any:
    """Return a source: `Delivered` or `Asked`."""
    return import_module(SOURCES[name]).SOURCE
