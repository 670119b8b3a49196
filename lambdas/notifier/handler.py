"""Lambda handler of every notifier: which destination it serves is in its environment."""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.typing import LambdaContext

from notifier.destinations import make_destination
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
    kind = environment["TRAILBELL_DESTINATION"]
    return Notifier(
        kind=kind,
        destination=make_destination(kind, environment),
        queue=Queue(url=environment["TRAILBELL_QUEUE_URL"], dead_letters_url=environment["TRAILBELL_DEAD_LETTERS_URL"]),
        once=Claims(environment["TRAILBELL_CLAIMS_TABLE"], DynamoDb(), kind="delivery").once,
        metrics=metrics,
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
