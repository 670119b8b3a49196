"""Timers for windows: messages on an SQS queue that come when a window is over.

SQS delays a message for a quarter of an hour at most; a longer window's timer is put back until its time has come.
"""

import json
import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from state.clients import connect
from trailbell.errors import StateError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from trailbell.follow_up import Timer

MAX_DELAY_SECONDS = 15 * 60


class SqsTimers:
    """The queue. Its client is made for the first timer, so that an event that does not alert costs none."""

    def __init__(self, url: str, *, now_seconds: Callable[[], float]) -> None:
        """`now_seconds` returns the seconds since 1970."""
        self._url = url
        self._now_seconds = now_seconds

    @cached_property
    def _client(self) -> "SQSClient":
        client: SQSClient = connect("sqs")
        return client

    def left_seconds(self, timer: "Timer") -> int:
        """Return how long the window is still open, in whole seconds; 0 where it is over."""
        return max(0, math.ceil(timer.window.ends_at_ms / 1000 - self._now_seconds()))

    def start(self, timer: "Timer") -> None:
        """Let the timer come when its window is over, or as late as SQS can. Raises StateError."""
        from botocore.exceptions import BotoCoreError, ClientError

        body = json.dumps(timer.to_json(), separators=(",", ":"))
        delay = min(MAX_DELAY_SECONDS, self.left_seconds(timer))
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=delay)
        except (BotoCoreError, ClientError) as error:
            raise StateError(f"The timer of {timer.window.key} could not be set: {error}") from error
