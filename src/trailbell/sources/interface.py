"""What every source has in common: the record that it yields, and how an event that holds one is received."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.call.values import text
from trailbell.errors import RecordError


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedRecord:
    """A CloudTrail record, with its source's word for it."""

    record: Mapping[str, Any]
    """As CloudTrail wrote it."""
    test: bool = False
    """Whether it was sent to try the path. If not, the source vouches that AWS wrote it, as far as it can.

    EventBridge does: nobody else can put AWS's sources on a bus. Files and buckets are as good as where they lie.
    """

    @classmethod
    def of(cls, record: Mapping[str, Any], *, test: bool = False) -> "SourcedRecord":
        """Return a source's record.

        Raises RecordError where it has no eventID or no eventName (Insights events have no name).
        """
        if text(record.get("eventID")) is None or text(record.get("eventName")) is None:
            _check_insight(record)
        return cls(record=record, test=test)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A source whose events come by themselves."""

    receive: Callable[[object], SourcedRecord]
    """Takes the record out of an event. Raises RecordError where there is none, or nobody vouches for it."""


def _check_insight(record: Mapping[str, Any]) -> None:
    """Refuse a record without an id or a name, unless it is one of Insights, which have no name."""
    missing = [key for key in ("eventID", "eventName") if text(record.get(key)) is None]
    if missing != ["eventName"] or not isinstance(record.get("insightDetails"), Mapping):
        raise RecordError(f"the record has no {' and no '.join(missing)}; every CloudTrail record has")
