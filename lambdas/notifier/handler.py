"""Lambda handler of every notifier: which destination it serves is in its environment."""

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.typing import LambdaContext

from notifier.brake import Brake
from notifier.destinations import make_destination
from notifier.dynamodb_brake import DynamoDbBrake
from notifier.notifier import Notifier
from notifier.queue import Queue
from state.claims import Claims
from state.dynamodb import DynamoDb

logger = Logger()
metrics = Metrics()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
_notifier: Notifier | None = None


def make_notifier(environment: Mapping[str, str]) -> Notifier:
    """Put the parts together. Raises KeyError where the deployment lacks something."""
    kind, dynamodb = environment["TRAILBELL_DESTINATION"], DynamoDb()
    queue = Queue(url=environment["TRAILBELL_QUEUE_URL"], dead_letters_url=environment["TRAILBELL_DEAD_LETTERS_URL"])
    return Notifier(
        kind=kind,
        destination=make_destination(kind, environment),
        queue=queue,
        once=Claims(environment["TRAILBELL_CLAIMS_TABLE"], dynamodb, kind="delivery").once,
        metrics=metrics,
        brake=make_brake(environment, dynamodb),
    )


def make_brake(environment: Mapping[str, str], dynamodb: DynamoDb) -> Brake | None:
    """Return what keeps the destination within its budget; None where it has none."""
    budget = environment.get("TRAILBELL_ALERTS_PER_MINUTE")
    if budget is None:
        return None
    return Brake(
        store=DynamoDbBrake(environment["TRAILBELL_WINDOWS_TABLE"], dynamodb, now_seconds=time.time),
        alerts_per_minute=int(budget),
        clock=lambda: datetime.now(UTC),
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Deliver a batch; answer with the messages that must come back."""
    global _notifier  # noqa: PLW0603 - made once in the life of the sandbox
    if _notifier is None:
        _notifier = make_notifier(os.environ)
    deliver = partial(_notifier.deliver, context=context)
    return process_partial_response(event=event, record_handler=deliver, processor=processor, context=context)
