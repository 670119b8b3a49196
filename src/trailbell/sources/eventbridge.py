"""Takes the CloudTrail record out of the EventBridge event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.call.values import UNKNOWN_TIME, read_time, text
from trailbell.contract.names import AWS_SOURCE_PREFIX, TEST_SOURCE
from trailbell.errors import RecordError


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An EventBridge event that holds a CloudTrail record."""

    record: Mapping[str, Any]
    """As CloudTrail wrote it; where its `eventTime` cannot be read, EventBridge's `time` of the event stands there."""
    test: bool
    """Whether it was sent to try the path."""
    detail_type: str


def open_envelope(event: object) -> Envelope:
    """Return the record of an EventBridge event.

    Raises RecordError where there is none: the event is no object, its source is neither AWS's nor the test's, its
    detail is missing or no object, or the record has no eventID or no eventName (Insights events have no name).
    """
    if not isinstance(event, Mapping):
        raise RecordError(f"the event is not a JSON object but a {_kind(event)}; an EventBridge event was expected")
    source = text(event.get("source")) or ""
    if not source.startswith(AWS_SOURCE_PREFIX) and source != TEST_SOURCE:
        raise RecordError(
            f"the event's source is {source[:60]!r}; only aws.* and {TEST_SOURCE} carry CloudTrail records"
        )
    if "detail" not in event:
        raise RecordError("the event has no detail; a CloudTrail record was expected there")
    record = event["detail"]
    if not isinstance(record, Mapping):
        raise RecordError(f"the event's detail is a {_kind(record)}; a CloudTrail record (a JSON object) was expected")
    if text(record.get("eventID")) is None or text(record.get("eventName")) is None:
        _check_insight(record)
    if read_time(record.get("eventTime")) is UNKNOWN_TIME and read_time(event.get("time")) is not UNKNOWN_TIME:
        record = {**record, "eventTime": event["time"]}
    return Envelope(record=record, test=source == TEST_SOURCE, detail_type=text(event.get("detail-type")) or "")


def _check_insight(record: Mapping[str, Any]) -> None:
    """Refuse a record without an id or a name, unless it is one of Insights, which have no name."""
    missing = [key for key in ("eventID", "eventName") if text(record.get(key)) is None]
    if missing != ["eventName"] or not isinstance(record.get("insightDetails"), Mapping):
        raise RecordError(f"the record has no {' and no '.join(missing)}; every CloudTrail record has")


def _kind(value: object) -> str:
    names = {str: "string", list: "list", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return names.get(type(value), type(value).__name__)
