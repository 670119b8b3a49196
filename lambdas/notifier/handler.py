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

from trailbell.brake import Brake
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.contract.variables import VariableError
from trailbell.destinations import KINDS, load_kind
from trailbell.functions.notifier.notifier import Notifier
from trailbell.functions.notifier.queue import Queue
from trailbell.runtime.init_phase import in_init_phase, load
from trailbell.tables.brake import DynamoDbBrake
from trailbell.tables.claims import Claims
from trailbell.tables.dynamodb import DynamoDb

logger = Logger()
metrics = Metrics()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def start(variables: Mapping[str, str], *, ahead: bool = False) -> Notifier:
    """Put the parts together; `ahead`: and load and connect what every alert needs. Raises VariableError."""
    environment, dynamodb = NotifierEnvironment.read(variables), DynamoDb()
    if environment.destination not in KINDS:
        raise VariableError(
            f"The function's environment has TRAILBELL_DESTINATION={environment.destination!r}, "
            f"and expects one of {', '.join(KINDS)}"
        )
    if ahead:
        load(["aws_lambda_powertools.utilities.idempotency"])
        dynamodb.connect()
    queue = Queue(url=environment.queue_url, dead_letters_url=environment.dead_letters_url)
    return Notifier(
        kind=environment.destination,
        destination=load_kind(environment.destination).make(variables),
        queue=queue,
        once=Claims(environment.claims_table, dynamodb, kind="delivery").once,
        metrics=metrics,
        brake=make_brake(environment, dynamodb),
    )


def make_brake(environment: NotifierEnvironment, dynamodb: DynamoDb) -> Brake | None:
    """Return what keeps the destination within its budget; None where it has none.

    Raises VariableError where it has a budget and no table to count in.
    """
    if environment.alerts_per_minute is None:
        return None
    if environment.windows_table is None:
        raise VariableError(
            "The function's environment has TRAILBELL_ALERTS_PER_MINUTE, but no TRAILBELL_WINDOWS_TABLE"
        )
    return Brake(
        store=DynamoDbBrake(environment.windows_table, dynamodb, now_seconds=time.time),
        alerts_per_minute=environment.alerts_per_minute,
        clock=lambda: datetime.now(UTC),
    )


_notifier: Notifier | None = in_init_phase(os.environ, partial(start, ahead=True))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Deliver a batch; answer with the messages that must come back."""
    global _notifier  # noqa: PLW0603 - made once in the life of the sandbox
    if _notifier is None:
        _notifier = start(os.environ)
    deliver = partial(_notifier.deliver, context=context)
    return process_partial_response(event=event, record_handler=deliver, processor=processor, context=context)
