"""The SQS side of a notifier: when a message comes back, and where it ends."""

import json
import math
from functools import cached_property
from typing import TYPE_CHECKING

from trailbell.runtime.clients import connect

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_VISIBILITY_SECONDS = 11 * 60 * 60
"""SQS allows twelve hours, counted from when the message was received."""

MAX_REASON_CHARS = 1024
"""Of JSON: a destination's whole answer would be no reason any more."""
_MOST_CHARS_OF_ONE = 12
"""JSON in ASCII writes a character beyond U+FFFF as two escapes of six."""


class Queue:
    """The queue in front of a destination, and the one for dead letters."""

    def __init__(self, *, url: str, dead_letters_url: str) -> None:
        self._url = url
        self._dead_letters_url = dead_letters_url

    @cached_property
    def _client(self) -> "SQSClient":
        client: SQSClient = connect("sqs")
        return client

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        """Let a message that was not delivered come back in so many seconds."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=min(seconds, MAX_VISIBILITY_SECONDS)
        )

    def bury(self, body: str, reason: str) -> None:
        """Keep a message that the destination will never take, whole, with the reason beside it."""
        self._client.send_message(
            QueueUrl=self._dead_letters_url,
            MessageBody=body,
            MessageAttributes={"reason": {"DataType": "String", "StringValue": write_reason(reason)}},
        )


def write_reason(reason: str) -> str:
    """Return a reason as JSON in ASCII, which SQS takes whatever it holds. A long one is cut to MAX_REASON_CHARS."""
    reason = reason[:MAX_REASON_CHARS]
    while (excess := len(json.dumps(reason)) - MAX_REASON_CHARS) > 0:
        reason = reason[: -math.ceil(excess / _MOST_CHARS_OF_ONE)]
    return json.dumps(reason)
