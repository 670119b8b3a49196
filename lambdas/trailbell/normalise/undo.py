"""undo."""

from trailbell.record import Record


def undo_command(record: Record) -> str | None:
    """Return nothing yet."""
    del record
    return None
