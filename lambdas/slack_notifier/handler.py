"""Lambda handler of the Slack notifier."""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from slack_notifier.queue import SlackQueue
from slack_notifier.secret import SlackTarget, parse_secret
from slack_notifier.slack_api import Outcome, post
from trailbell.errors import DeliveryError, TrailbellError
from trailbell.render.document import from_document
from trailbell.render.slack import message

DESTINATION = "slack"
"""What the config's routes call this destination."""
SECRET_CACHE_SECONDS = 60
FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 15 * 60

logger = Logger()
metrics = Metrics()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


class Notifier:
    """Delivers one queued alert: posts it, has it come back later, or buries it."""

    def __init__(
        self,
        *,
        read_target: Callable[[], SlackTarget],
        post: Callable[[SlackTarget, Mapping[str, Any]], Outcome],
        queue: SlackQueue,
    ) -> None:
        self._read_target = read_target
        self._post = post
        self._queue = queue

    def deliver(self, record: SQSRecord) -> None:
        """Deliver one SQS message. Raises DeliveryError where it must come back."""
        try:
            alert = from_document(json.loads(record.body))
            content = message(alert)
        except (ValueError, TrailbellError) as error:
            self._bury(record, f"not an alert: {error}")
            return
        if alert.destinations and DESTINATION not in alert.destinations:
            metrics.add_metric("SlackNotRouted", MetricUnit.Count, 1)
            return
        outcome = self._post(self._read_target(), content)
        if outcome.kind == "delivered":
            metrics.add_metric("SlackDelivered", MetricUnit.Count, 1)
        elif outcome.kind == "refused":
            self._bury(record, outcome.reason)
        else:
            self._come_back(record, outcome)

    def _bury(self, record: SQSRecord, reason: str) -> None:
        logger.error("Slack will not take this alert; it is in the dead-letter queue", reason=reason)
        metrics.add_metric("SlackRefused", MetricUnit.Count, 1)
        self._queue.bury(record.body, reason)

    def _come_back(self, record: SQSRecord, outcome: Outcome) -> None:
        received = int(record.attributes.approximate_receive_count)
        seconds = outcome.retry_after_seconds or wait_seconds(received)
        metrics.add_metric("SlackRetried", MetricUnit.Count, 1)
        self._queue.postpone(record.receipt_handle, seconds)
        raise DeliveryError(f"Slack did not take the alert ({outcome.reason}); it comes back in {seconds} s")


def wait_seconds(received: int) -> int:
    """Return how long to wait after the n-th try: 2, 4, 8 ... seconds, a quarter of an hour at most."""
    return int(min(FIRST_WAIT_SECONDS * 2.0 ** min(received - 1, 20), LONGEST_WAIT_SECONDS))


def read_target() -> SlackTarget:
    """Read the secret, kept for a minute. Raises DeliveryError where it is not filled."""
    text = parameters.get_secret(os.environ["TRAILBELL_SLACK_SECRET_ARN"], max_age=SECRET_CACHE_SECONDS)
    return parse_secret(
        str(text),
        channel=os.environ.get("TRAILBELL_SLACK_CHANNEL"),
        endpoint=os.environ.get("TRAILBELL_SLACK_ENDPOINT"),
    )


_notifier: Notifier | None = None


def deliver(record: SQSRecord) -> None:
    """Deliver one SQS message with this deployment's queue and secret."""
    global _notifier  # noqa: PLW0603 - made once in the life of the sandbox
    if _notifier is None:
        queue = SlackQueue(
            url=os.environ["TRAILBELL_SLACK_QUEUE_URL"], dead_letters_url=os.environ["TRAILBELL_SLACK_DEAD_LETTERS_URL"]
        )
        _notifier = Notifier(read_target=read_target, post=post, queue=queue)
    _notifier.deliver(record)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Deliver a batch; answer with the messages that must come back."""
    return process_partial_response(event=event, record_handler=deliver, processor=processor, context=context)
