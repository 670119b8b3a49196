"""EventBridge: AWS's own word, as fast as it comes. Takes the CloudTrail record out of the envelope."""

from collections.abc import Mapping

from trailbell.call.values import UNKNOWN_TIME, read_time, text
from trailbell.contract.names import AWS_SOURCE_PREFIX, TEST_SOURCE
from trailbell.errors import RecordError
from trailbell.sources.interface import Delivered, SourcedRecord


def receive(event: object) -> SourcedRecord:
    """Return the record of an EventBridge event; where its `eventTime` cannot be read, the event's `time` stands there.

    Raises RecordError where there is none: the event is no object, its source is neither AWS's nor the test's, its
    detail is missing or no object, or the record is none.
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
    if read_time(record.get("eventTime")) is UNKNOWN_TIME and read_time(event.get("time")) is not UNKNOWN_TIME:
        record = {**record, "eventTime": event["time"]}
    return SourcedRecord.of(record, test=source == TEST_SOURCE)


def _kind(value: object) -> str:
    names = {str: "string", list: "list", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return names.get(type(value), type(value).__name__)


SOURCE = Delivered(receive=receive)
