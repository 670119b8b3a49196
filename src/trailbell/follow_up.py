"""A follow-up: what became of an alert's window, told once when it is over."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from trailbell.alert import Alert, FollowUp
from trailbell.errors import RecordError
from trailbell.finding import OpenWindow
from trailbell.formats.document import from_document, to_document
from trailbell.formats.sns import shorten
from trailbell.windows.store import Closed
from trailbell.windows.traits import traits_of

MAX_RESOURCES = 5
_MAX_CHARACTERS = 1_000
_MAX_FIELDS = 50
"""More than any part of the JSON alert has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingFollowUp:
    """What is remembered of an alert until its window is over."""

    window: OpenWindow
    alert: Alert
    """The one that opened the window, without what a follow-up does not tell."""
    follow_up_id: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON, a few thousand bytes. Dead letters of earlier versions say `timer`, too."""
        return {
            "timer": {"key": self.window.key, "ends_at_ms": self.window.ends_at_ms, "follow_up_id": self.follow_up_id},
            "alert": shorten(to_document(self.alert), _MAX_CHARACTERS, _MAX_FIELDS),
        }

    @classmethod
    def from_json(cls, document: object) -> "PendingFollowUp":
        """Read what `to_json` wrote. Raises RecordError where it is something else."""
        try:
            timer = document["timer"]  # type: ignore[index]  # a wrong type is told below
            window = OpenWindow(key=str(timer["key"]), ends_at_ms=int(timer["ends_at_ms"]))
            alert = from_document(document["alert"])  # type: ignore[index]
            return cls(window=window, alert=alert, follow_up_id=str(timer["follow_up_id"]))
        except (KeyError, TypeError, ValueError) as error:
            raise RecordError(f"Not a pending follow-up: {error!r}") from error


def pending_of(alert: Alert, opened: tuple[OpenWindow, ...]) -> tuple[PendingFollowUp, ...]:
    """Return the follow-ups to come: one for each window that an alert opened."""
    left_out = max(0, len(alert.resources) - MAX_RESOURCES)
    short = replace(
        alert,
        undo=None,
        request_parameters=None,
        response_elements=None,
        resources=alert.resources[:MAX_RESOURCES],
        omitted_resources=alert.omitted_resources + left_out,
        repeats=0,
    )
    names = [f"{alert.id}/follow-up", *(f"{alert.id}/follow-up-{number}" for number in range(2, len(opened) + 1))]
    return tuple(
        PendingFollowUp(window=window, alert=short, follow_up_id=name)
        for window, name in zip(opened, names, strict=False)
    )


def make_follow_up(pending: PendingFollowUp, closed: Closed, now: datetime) -> Alert:
    """Say what became of the window."""
    first = traits_of(pending.alert)
    values = {name: {first[name]} if name in first else set() for name in {*first, *closed.traits}}
    for name, seen in closed.traits.items():
        values[name] |= set(seen)
    return replace(
        pending.alert,
        id=pending.follow_up_id,
        alerted_at=now,
        follow_up=FollowUp(
            of=pending.alert.id,
            repeats=closed.repeats,
            since=pending.alert.alerted_at,
            until=datetime.fromtimestamp(pending.window.ends_at_ms / 1000, UTC),
            differed={name: tuple(sorted(seen)) for name, seen in sorted(values.items()) if len(seen) > 1},
        ),
    )
