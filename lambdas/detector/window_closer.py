"""Lambda handler of the window closer: when a window is over, tells once what it counted.

It is packaged with the detector, whose tables and topic it shares.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from detector.dynamodb_store import DynamoDbStore
from detector.handler import Once
from detector.sns_topic import SnsTopic
from detector.sqs_timers import SqsTimers
from state.claims import Claims
from state.dynamodb import DynamoDb
from trailbell.alert import Alert
from trailbell.contract.environments.detection import WindowCloserEnvironment
from trailbell.follow_up import Timer, make_follow_up
from trailbell.store import Store

logger = Logger()
metrics = Metrics()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
_closer: "WindowCloser | None" = None


class WindowCloser:
    """Closes the windows whose timers come."""

    def __init__(
        self,
        *,
        store: Store,
        timers: SqsTimers,
        once: Once,
        publish: Callable[[Alert], None],
        clock: Callable[[], datetime],
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._timers = timers
        self._once = once
        self._publish = publish
        self._clock = clock
        self._metrics = metrics

    def close(self, record: SQSRecord, context: LambdaContext) -> None:
        """Close one timer's window.

        Raises RecordError, StateError or DeliveryError: the timer comes again, and is kept in the dead-letter queue in
        the end.
        """
        timer = Timer.from_json(json.loads(record.body))
        if self._timers.left_seconds(timer):
            self._timers.start(timer)
            return
        claim = [timer.follow_up_id, timer.alert.event.account_id, "test" if timer.alert.test else "aws"]
        outcome = self._once(claim, lambda: self._tell(timer), context) or "Repeated"
        self._metrics.add_metric(outcome, MetricUnit.Count, 1)

    def _tell(self, timer: Timer) -> str:
        now = self._clock()
        closed = self._store.close(
            timer.window.key, event_id=timer.alert.event.id, now_ms=round(now.timestamp() * 1000)
        )
        if closed is None:
            # The next window began before this timer came, and its alert told the count.
            return "TakenOver"
        if not closed.repeats:
            return "NoRepeats"
        follow_up = make_follow_up(timer, closed, now)
        self._publish(follow_up)
        logger.info("Follow-up published", alert_id=follow_up.id, rule=follow_up.rule.id, repeats=closed.repeats)
        self._metrics.add_metric("RepeatsTold", MetricUnit.Count, closed.repeats)
        return "FollowedUp"


def start(variables: Mapping[str, str]) -> WindowCloser:
    """Put the parts together. Raises VariableError."""
    environment, dynamodb = WindowCloserEnvironment.read(variables), DynamoDb()
    return WindowCloser(
        store=DynamoDbStore(environment.windows_table, dynamodb),
        timers=SqsTimers(environment.timers_url, now_seconds=time.time),
        once=Claims(environment.claims_table, dynamodb, kind="follow-up").once,
        publish=SnsTopic(environment.topic_arn, https_format=environment.https_format).publish,
        clock=lambda: datetime.now(UTC),
        metrics=metrics,
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Close a batch of windows; answer with the timers that must come again."""
    global _closer  # noqa: PLW0603 - made once in the life of the sandbox
    if _closer is None:
        _closer = start(os.environ)
    close = partial(_closer.close, context=context)
    return process_partial_response(event=event, record_handler=close, processor=processor, context=context)
