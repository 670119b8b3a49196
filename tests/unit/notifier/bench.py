"""A notifier with everything around it in memory."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from tests.unit.alerts import run_instances_alert
from tests.unit.claims import MemoryClaims
from tests.unit.invocation import left
from tests.unit.notifier.memory_brake import MemoryBrake
from trailbell.alert import Alert
from trailbell.brake import Brake
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.formats.digest import Digest
from trailbell.formats.document import to_document
from trailbell.functions.notifier.notifier import Notifier
from trailbell.functions.notifier.queue import Queue

BUSY = Outcome(kind="try-later", reason="HTTP 500")
REFUSED = Outcome(kind="refused", reason="channel_not_found")


class FakeQueue(Queue):
    """Remembers what it is told."""

    def __init__(self) -> None:
        super().__init__(url="queue", dead_letters_url="dead")
        self.postponed: list[tuple[str, int]] = []
        self.buried: list[tuple[str, str]] = []

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        self.postponed.append((receipt_handle, seconds))

    def bury(self, body: str, reason: str) -> None:
        self.buried.append((body, reason))


class FakeDestination:
    """Answers as told, label by label, and remembers what it got."""

    def __init__(self, **outcomes: Outcome) -> None:
        self.outcomes = outcomes
        self.sent: list[tuple[str, str]] = []
        self.digests: list[Digest] = []

    def send(self, alert: Alert, label: str) -> Outcome:
        self.sent.append((label, alert.id))
        return self.outcomes.get(label or "default", DELIVERED)

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        outcome = self.outcomes.get(label or "default", DELIVERED)
        if outcome.kind == "delivered":
            self.digests.append(digest)
        return outcome


class Bench:
    """A notifier with everything around it."""

    def __init__(self, kind: str = "slack", *, budget: int | None = None, **outcomes: Outcome) -> None:
        self.destination = FakeDestination(**outcomes)
        self.now = datetime(2026, 11, 23, 17, 58, 10, tzinfo=UTC)
        self.queue = FakeQueue()
        self.claims = MemoryClaims()
        self.metrics = Metrics(namespace="test", service="test")
        self.minutes = MemoryBrake()
        self.notifier = Notifier(
            kind=kind,
            destination=self.destination,
            queue=self.queue,
            once=self.claims.once,
            metrics=self.metrics,
            brake=None if budget is None else self._brake(budget),
            chance=lambda: 1,
        )

    def _brake(self, budget: int) -> Brake:
        return Brake(
            store=self.minutes,
            alerts_per_minute=budget,
            clock=lambda: self.now,
        )

    def due(self) -> list[tuple[str, float]]:
        """Return the messages that the window closer will put on the queue, and in how many seconds they are due."""
        return [(due.message, due.at_ms / 1000 - self.now.timestamp()) for due in self.minutes.due.values()]

    def deliver(self, body: str, received: int = 1, left_seconds: float = 60) -> None:
        attributes = {"ApproximateReceiveCount": str(received)}
        record = SQSRecord({"body": body, "receiptHandle": "handle", "attributes": attributes})
        self.notifier.deliver(record, left(left_seconds))


ALERT = run_instances_alert()


def alert_body(*destinations: str) -> str:
    return json.dumps(to_document(replace(ALERT, destinations=destinations)))
