"""Lambda handler of the window closer: each minute it tells, once, what the windows that are over counted.

It ends the minutes of storm brakes, too: their notifiers are woken by it, not by themselves. It is packaged with the
detector, whose tables and topic it shares.
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
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.alert import Alert
from trailbell.contract.environments.detection import WindowCloserEnvironment
from trailbell.errors import DeliveryError, RecordError
from trailbell.follow_up import PendingFollowUp, make_follow_up
from trailbell.functions.window_closer.sweep import Sweep
from trailbell.outbox.sns_topic import SnsTopic
from trailbell.outbox.sqs_queues import SqsQueues
from trailbell.runtime.init_phase import in_init_phase
from trailbell.tables.claims import Claims, Once
from trailbell.tables.due import BRAKE, DueItems, Leased
from trailbell.tables.dynamodb import DynamoDb
from trailbell.tables.windows import DynamoDbStore
from trailbell.windows.store import Store

logger = Logger()
metrics = Metrics()

WINDOWS = ("dedupe#", "threshold#")
"""What the keys of windows that end begin with (trailbell/keys.py)."""


class WindowCloser:
    """Does what is due."""

    def __init__(
        self,
        *,
        store: Store,
        once: Once,
        publish: Callable[[Alert], None],
        wake: Callable[[str, str], None],
        clock: Callable[[], datetime],
        metrics: Metrics,
    ) -> None:
        """`wake` hands a message to the notifier of a kind."""
        self._store = store
        self._once = once
        self._publish = publish
        self._wake = wake
        self._clock = clock
        self._metrics = metrics

    def act(self, due: Leased, context: LambdaContext) -> None:
        """Close a window, or end a brake's minute. Raises RecordError, StateError or DeliveryError.

        Which it is, the key says and nothing else in the item: of what a notifier writes into the table, the beginning
        of the key is all that it cannot choose.
        """
        if due.key.startswith(BRAKE):
            self._wake(kind_of(due.key), due.body)
            self._metrics.add_metric("MinutesEnded", MetricUnit.Count, 1)
            return
        if not due.key.startswith(WINDOWS):
            raise RecordError(f"{due.key} is not the key of a window; nothing is told of it")
        pending = PendingFollowUp.from_json(json.loads(due.body))
        claim = [pending.follow_up_id, pending.alert.event.account_id, "test" if pending.alert.test else "aws"]
        outcome = self._once(claim, lambda: self._tell(pending), context) or "Repeated"
        self._metrics.add_metric(outcome, MetricUnit.Count, 1)

    def _tell(self, pending: PendingFollowUp) -> str:
        now = self._clock()
        closed = self._store.close(
            pending.window.key, event_id=pending.alert.event.id, now_ms=round(now.timestamp() * 1000)
        )
        if closed is None:
            # The next window began before this one was swept, and its alert told the count.
            return "TakenOver"
        if not closed.repeats:
            return "NoRepeats"
        follow_up = make_follow_up(pending, closed, now)
        self._publish(follow_up)
        logger.info("Follow-up published", alert_id=follow_up.id, rule=follow_up.rule.id, repeats=closed.repeats)
        self._metrics.add_metric("RepeatsTold", MetricUnit.Count, closed.repeats)
        return "FollowedUp"


def kind_of(key: str) -> str:
    """Return the kind of the destination that a brake's minute is of: `topic` of `brake#topic/soc#<minute>`."""
    return key.removeprefix(BRAKE).partition("#")[0].partition("/")[0]


def start(variables: Mapping[str, str], *, ahead: bool = False) -> Sweep:
    """Put the parts together; `ahead`: and connect what every sweep needs. Raises VariableError."""
    environment, dynamodb, queues = WindowCloserEnvironment.read(variables), DynamoDb(), SqsQueues()
    if ahead:
        dynamodb.connect()
    notifiers = environment.notifier_queues

    def wake(kind: str, body: str) -> None:
        if kind not in notifiers:
            raise DeliveryError(f"No notifier with a budget serves {kind}: it was switched off")
        queues.send(notifiers[kind], body)

    closer = WindowCloser(
        store=DynamoDbStore(environment.windows_table, dynamodb),
        once=Claims(environment.claims_table, dynamodb, kind="follow-up").once,
        publish=SnsTopic(environment.topic_arn, https_format=environment.https_format).publish,
        wake=wake,
        clock=lambda: datetime.now(UTC),
        metrics=metrics,
    )
    return Sweep(
        items=DueItems(environment.windows_table, dynamodb, now_seconds=time.time),
        act=closer.act,
        bury=lambda body: queues.send(environment.dead_letters_url, body),
        now_ms=lambda: round(time.time() * 1000),
        metrics=metrics,
    )


_sweep: Sweep | None = in_init_phase(os.environ, partial(start, ahead=True))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(_: Any, context: LambdaContext) -> None:
    """Do what is due; the schedule's event says nothing."""
    global _sweep  # noqa: PLW0603 - made once in the life of the sandbox
    if _sweep is None:
        _sweep = start(os.environ)
    _sweep.run(context)
