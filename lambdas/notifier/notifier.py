"""Takes one queued alert to a destination: sends it, has it come back later, or buries it."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.alert import Alert
from trailbell.brake import Brake, read_ending
from trailbell.destinations import KINDS
from trailbell.destinations.interface import Destination
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.errors import DeliveryError, StateError, TrailbellError
from trailbell.formats.document import from_document
from trailbell.functions.notifier.queue import Queue

FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 60
LONGEST_DELIVERY_SECONDS = 30
"""Three requests that hang (`web.TIMEOUT_SECONDS`), as a follow-up to Slack may need, and what comes with them."""

logger = Logger(child=True)


class Once(Protocol):
    """Acts on what is claimed unless that was done before; None where it was."""

    def __call__(self, claim: Sequence[str], act: Callable[[], str], context: LambdaContext, /) -> str | None:
        """Act once."""


class _NotDeliveredError(Exception):
    """Ends a claim without completing it: nothing was delivered."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class Notifier:
    """Delivers the alerts of one destination's queue, each once."""

    def __init__(
        self,
        *,
        kind: str,
        destination: Destination,
        queue: Queue,
        once: Once,
        metrics: Metrics,
        brake: Brake | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`brake` is None where the destination has no budget; `chance` returns 0 to 1."""
        self._kind = kind
        self._destination = destination
        self._queue = queue
        self._once = once
        self._brake = brake
        self._metrics = metrics
        self._chance = chance

    def deliver(self, record: SQSRecord, context: LambdaContext) -> None:
        """Deliver one SQS message. Raises DeliveryError where it must come back."""
        try:
            content = json.loads(record.body)
            ended = read_ending(content)
            alert = None if ended else from_document(content)
        except (ValueError, TrailbellError) as error:
            self._bury(record, f"not an alert: {error}")
            return
        if ended:
            self._settle(record, [self._send_digest(*ended, context)])
        elif alert:
            labels = labels_of(self._kind, alert)
            if not labels:
                self._count("NotRouted")
            self._settle(record, [self._send(alert, label, context) for label in labels])

    def _settle(self, record: SQSRecord, outcomes: Sequence[Outcome]) -> None:
        # One that must come back brings the whole message back; what was delivered is not delivered again.
        if waiting := [outcome for outcome in outcomes if outcome.kind == "try-later"]:
            self._come_back(record, waiting[0])
        if refused := [outcome.reason for outcome in outcomes if outcome.kind == "refused"]:
            self._bury(record, "; ".join(refused))

    def _send(self, alert: Alert, label: str, context: LambdaContext) -> Outcome:
        name = f"{self._kind}/{label}" if label else self._kind
        claim = [name, alert.id, alert.event.account_id, "test" if alert.test else "aws"]

        def act() -> str:
            if self._brake and not self._brake.admits(name):
                self._brake.fold(name, alert)
                logger.info("Alert folded into a digest", alert_id=alert.id, destination=name)
                return "Folded"
            done = _delivered(self._destination.send(alert, label))
            # `trailbell send-test` waits for this line.
            logger.info("Alert delivered", alert_id=alert.id, destination=name)
            return done

        return self._do_once(claim, act, context)

    def _send_digest(self, name: str, minute: str, context: LambdaContext) -> Outcome:
        def act() -> str:
            digest = self._brake.end(name, minute) if self._brake else None
            if digest is None:
                return "EmptyDigest"
            _delivered(self._destination.send_digest(digest, name.partition("/")[2]))
            logger.info("Digest delivered", destination=name, alerts=len(digest.alerts))
            self._metrics.add_metric("Unfolded", MetricUnit.Count, len(digest.alerts))
            return "Digest"

        return self._do_once([name, "digest", minute], act, context)

    def _do_once(self, claim: Sequence[str], act: Callable[[], str], context: LambdaContext) -> Outcome:
        if context.get_remaining_time_in_millis() < LONGEST_DELIVERY_SECONDS * 1000:
            # Stopped in the middle, all messages of the batch would wait for the queue's visibility time-out.
            return Outcome(kind="try-later", reason="others of its batch took too long", retry_after_seconds=1)
        try:
            self._count(self._once(claim, act, context) or "Repeated")
        except _NotDeliveredError as error:
            return error.outcome
        except (DeliveryError, StateError) as error:
            # Not set up yet, or the table does not answer: both pass sooner than the queue's visibility time-out.
            return Outcome(kind="try-later", reason=str(error))
        return DELIVERED

    def _bury(self, record: SQSRecord, reason: str) -> None:
        logger.error("The alert is refused for good; it is in the dead-letter queue", reason=reason)
        self._count("Refused")
        self._queue.bury(record.body, reason)

    def _come_back(self, record: SQSRecord, outcome: Outcome) -> None:
        received = int(record.attributes.approximate_receive_count)
        seconds = outcome.retry_after_seconds or wait_seconds(received, self._chance())
        self._count("Retried")
        self._queue.postpone(record.receipt_handle, seconds)
        raise DeliveryError(f"The alert was not taken ({outcome.reason}); it comes back in {seconds} s")

    def _count(self, metric: str) -> None:
        self._metrics.add_metric(metric, MetricUnit.Count, 1)


def _delivered(outcome: Outcome) -> str:
    if outcome.kind != "delivered":
        raise _NotDeliveredError(outcome)
    return "Delivered"


def labels_of(kind: str, alert: Alert) -> Sequence[str]:
    """Return the labels of this kind that the alert's routes name: `""` for the kind by itself, none for not routed.

    An alert without destinations goes everywhere, as those of older versions do.
    """
    if not alert.destinations:
        return [] if KINDS[kind].only_by_label else [""]
    parts = [name.partition("/") for name in alert.destinations]
    return [label for name, _, label in parts if name == kind]


def wait_seconds(received: int, chance: float) -> int:
    """Return how long to wait after the n-th try: 2, 4, 8 ... seconds, a minute at most, and half of it by chance.

    `chance` (0 to 1) keeps alerts that failed together from coming back together.
    """
    longest = min(FIRST_WAIT_SECONDS * 2.0 ** min(received - 1, 20), LONGEST_WAIT_SECONDS)
    return round(longest * (1 + chance) / 2)
