"""Dead letters: what failed, why, and the way back to where it came from."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from trailbell.outbox.large_letters import PACKED, unpack

Way = Literal["detector", "queue", "table"]
NO_REASON = "tried too often; the function's log says why each try failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message of a dead-letter queue."""

    queue: str
    """The queue's name, as the outputs have it: `Detector`, `Slack`."""
    id: str
    """SQS's message id."""
    sent: datetime
    """When it came to the queue."""
    what: str
    why: str
    way: Way | None
    """Back to the detector, to a queue, to the table of what is due, or None where the body cannot be read."""
    payload: str
    """What is sent back."""
    receipt_handle: str


def read_letter(queue: str, message: Mapping[str, Any]) -> Letter:
    """Read one SQS message, received with all its attributes. What cannot be read is told in the letter itself."""
    body = str(message["Body"])
    try:
        content = json.loads(body)
        what, why, way, payload = _READERS.get(queue, _read_notifier)(content, body)
    except (ValueError, TypeError, KeyError, AttributeError):
        what, why, way, payload = f"{len(body):,} characters that are no letter of {queue}", "", None, body
    sent_ms = int(message.get("Attributes", {}).get("SentTimestamp", 0))
    return Letter(
        queue=queue,
        id=message["MessageId"],
        sent=datetime.fromtimestamp(sent_ms / 1000, UTC),
        what=what,
        why=_reason(message) or why or NO_REASON,
        way=way,
        payload=payload,
        receipt_handle=message["ReceiptHandle"],
    )


_Read = tuple[str, str, Way, str]


def _read_detector(content: Any, _: str) -> _Read:
    """Read what Lambda keeps of an asynchronous invocation that failed, or what the detector does of a large event.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    if PACKED in content:
        large, reason = unpack(content)
        # Nothing that makes it larger: Lambda takes 1 MB. Half a surrogate pair is no text that can be sent.
        text = json.dumps(large, separators=(",", ":"), ensure_ascii=False).encode(errors="replace").decode()
        return _event(large), reason, "detector", text
    event, answer = content["requestPayload"], content.get("responsePayload") or {}
    why = answer.get("errorMessage") if isinstance(answer, Mapping) else None
    return _event(event), str(why or content["requestContext"]["condition"]), "detector", json.dumps(event)


def _read_filter(content: Any, body: str) -> _Read:
    return _event(content), "", "detector", body


def _read_window(content: Any, body: str) -> _Read:
    if "digest" in content:
        return _digest(content), "", "table", body
    alert = content["alert"]
    return f"follow-up of {_title(alert)} ({alert['id']})", "", "table", body


def _read_notifier(content: Any, body: str) -> _Read:
    if "digest" in content:
        return _digest(content), "", "queue", body
    return f"{content['severity']}: {_title(content)} ({content['id']})", "", "queue", body


_READERS: Mapping[str, Callable[[Any, str], _Read]] = {
    "Detector": _read_detector,
    "Filter": _read_filter,
    "Windows": _read_window,
}
"""By the queue's name; every other one is a notifier's."""


def _event(event: Any) -> str:
    """Say which event it is, as far as it tells."""
    detail = event.get("detail") if isinstance(event, Mapping) else None
    if not isinstance(detail, Mapping):
        return "an event without a CloudTrail record"
    return f"{detail.get('eventName', 'an event')} ({detail.get('eventID', 'no event id')})"


def _digest(content: Any) -> str:
    digest = content["digest"]
    return f"digest of {digest['destination']}, {digest['minute']}"


def _title(alert: Mapping[str, Any]) -> str:
    return str(alert["rule"].get("title") or alert["rule"]["id"])


def _reason(message: Mapping[str, Any]) -> str:
    """Return what a notifier, or EventBridge, wrote beside the message."""
    attributes = message.get("MessageAttributes", {})
    if "reason" in attributes:
        told = attributes["reason"]["StringValue"]
        try:
            return str(json.loads(told))
        except ValueError:
            return str(told).removeprefix('"')  # an older notifier cut a long one, and with it the JSON string's end
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    errors = (attributes.get(name, {}).get("StringValue") for name in ("ERROR_CODE", "ERROR_MESSAGE"))
    return ": ".join(text for text in errors if text)
