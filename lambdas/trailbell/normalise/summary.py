"""summary."""

from trailbell.names import Names
from trailbell.record import Record


def describe(record: Record, names: Names) -> str:
    """Say it."""
    del names
    return f"{record.principal.display} called {record.event.name}"
