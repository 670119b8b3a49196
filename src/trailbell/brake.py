"""The storm brake: past a budget of alerts a minute, alerts wait for the minute's end and go out as one digest.

Nothing waits in a function's memory: a folded alert lies in the store before its message is done with, and with it
the minute is due. The window closer finds it, and puts the message that ends the minute on the notifier's queue: no
notifier wakes itself.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from trailbell.alert import Alert
from trailbell.errors import StateError
from trailbell.formats.digest import Digest, make_digest
from trailbell.formats.document import from_document, iso, to_document

MINUTE = timedelta(minutes=1)
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a minute ends, in milliseconds since 1970, and the message that the notifier is to get then."""

    at_ms: int
    message: str


class BrakeStore(Protocol):
    """Remembers each minute of each destination. Every method is atomic, and raises StateError where it cannot answer.

    A minute is its beginning in ISO 8601.
    """

    def count(self, destination: str, minute: str) -> int:
        """Count one more alert, return how many it makes."""

    def fold(self, destination: str, minute: str, alert_id: str, document: str, due: Due) -> bool:
        """Keep an alert for the minute's digest; once, however often it is asked. False where the minute is closed."""

    def close(self, destination: str, minute: str) -> Sequence[str]:
        """Let no further alert into the minute, and return the documents of those that are in it."""


class Brake:
    """Keeps a destination within its budget."""

    def __init__(
        self,
        *,
        store: BrakeStore,
        alerts_per_minute: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._alerts_per_minute = alerts_per_minute
        self._clock = clock

    def admits(self, destination: str) -> bool:
        """Tell whether one more alert may go out at once; it counts as gone."""
        return self._store.count(destination, iso(self._minute())) <= self._alerts_per_minute

    def fold(self, destination: str, alert: Alert) -> None:
        """Keep an alert for the digest of this minute, or of the next where this one is just closed."""
        document = json.dumps(to_document(alert), separators=(",", ":"))
        start = self._minute()
        for number in range(_ATTEMPTS):
            begin = start + number * MINUTE
            minute, end = iso(begin), begin + MINUTE
            due = Due(at_ms=round(end.timestamp() * 1000), message=ending(destination, minute))
            if self._store.fold(destination, minute, alert.id, document, due):
                return
        raise StateError(f"No minute of {destination} is open for a folded alert; it is tried again")

    def end(self, destination: str, minute: str) -> Digest | None:
        """Close a minute, return its digest; None where nothing was folded. Asked again, it returns the same."""
        since = datetime.fromisoformat(minute)
        alerts = [from_document(json.loads(document)) for document in self._store.close(destination, minute)]
        if not alerts:
            return None
        return make_digest(destination=destination, since=since, until=since + MINUTE, alerts=alerts)

    def _minute(self) -> datetime:
        return self._clock().astimezone(UTC).replace(second=0, microsecond=0)


def ending(destination: str, minute: str) -> str:
    """Return the body of the message that ends a minute."""
    return json.dumps({"digest": {"destination": destination, "minute": minute}})


def read_ending(content: object) -> tuple[str, str] | None:
    """Return destination and minute of the message that ends one; None where the content is something else."""
    inner = content.get("digest") if isinstance(content, dict) else None
    if not isinstance(inner, dict):
        return None
    destination, minute = inner.get("destination"), inner.get("minute")
    return (destination, minute) if isinstance(destination, str) and isinstance(minute, str) else None
