"""What becomes of one queued alert, whatever its destination is."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from notifier.notifier import Notifier, labels_of, wait_seconds
from notifier.outcome import DELIVERED, Outcome
from notifier.queue import Queue
from tests.unit.alerts import run_instances_alert
from tests.unit.claims import MemoryClaims
from trailbell.alert import Alert
from trailbell.errors import DeliveryError
from trailbell.render.document import to_document

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = cast("LambdaContext", None)
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

    def send(self, alert: Alert, label: str) -> Outcome:
        self.sent.append((label, alert.id))
        return self.outcomes.get(label or "default", DELIVERED)


class Bench:
    """A notifier with everything around it."""

    def __init__(self, kind: str = "slack", **outcomes: Outcome) -> None:
        self.destination = FakeDestination(**outcomes)
        self.queue = FakeQueue()
        self.claims = MemoryClaims()
        self.metrics = Metrics(namespace="test", service="test")
        self.notifier = Notifier(
            kind=kind, destination=self.destination, queue=self.queue, once=self.claims.once, metrics=self.metrics
        )

    def deliver(self, body: str, received: int = 1) -> None:
        attributes = {"ApproximateReceiveCount": str(received)}
        record = SQSRecord({"body": body, "receiptHandle": "handle", "attributes": attributes})
        self.notifier.deliver(record, CONTEXT)


ALERT = run_instances_alert()


def alert_body(*destinations: str) -> str:
    return json.dumps(to_document(replace(ALERT, destinations=destinations)))


def test_an_alert_is_delivered_once_however_often_its_message_comes() -> None:
    bench = Bench()
    for _ in range(3):
        bench.deliver(alert_body())
    assert bench.destination.sent == [("", ALERT.id)]
    assert (bench.queue.postponed, bench.queue.buried) == ([], [])


def test_an_alert_that_the_routes_send_elsewhere_is_not_delivered() -> None:
    bench = Bench()
    bench.deliver(alert_body("email", "teams"))
    assert (bench.destination.sent, bench.queue.postponed, bench.queue.buried) == ([], [], [])


@pytest.mark.parametrize(
    ("kind", "destinations", "labels"),
    [
        ("slack", [], [""]),
        ("slack", ["slack"], [""]),
        ("slack", ["email", "slack/soc", "slack"], ["soc", ""]),
        ("slack", ["email", "slackish"], []),
        ("topic", [], []),
        ("topic", ["topic/pager", "sns"], ["pager"]),
        ("security-hub", ["security-hub"], [""]),
    ],
)
def test_a_route_names_a_kind_and_perhaps_a_label(kind: str, destinations: list[str], labels: list[str]) -> None:
    assert labels_of(kind, replace(ALERT, destinations=tuple(destinations))) == labels


@pytest.mark.parametrize(
    ("outcome", "received", "seconds"),
    [
        (Outcome(kind="try-later", reason="HTTP 429", retry_after_seconds=30), 1, 30),
        (BUSY, 1, 2),
        (BUSY, 4, 16),
    ],
)
def test_a_busy_destination_is_tried_again_when_it_asked_for(outcome: Outcome, received: int, seconds: int) -> None:
    bench = Bench(default=outcome)
    with pytest.raises(DeliveryError, match=f"comes back in {seconds} s"):
        bench.deliver(alert_body(), received)
    assert bench.queue.postponed == [("handle", seconds)]
    assert bench.queue.buried == []


def test_what_is_refused_is_buried_whole_with_the_reason_and_can_be_redriven() -> None:
    bench = Bench(default=REFUSED)
    bench.deliver(alert_body())
    assert bench.queue.buried == [(alert_body(), "channel_not_found")]
    bench.destination.outcomes = {}
    bench.deliver(alert_body())
    assert bench.destination.sent == [("", ALERT.id)] * 2
    assert bench.claims.completed


def test_of_two_channels_the_one_that_took_it_is_not_told_again() -> None:
    bench = Bench(soc=BUSY)
    with pytest.raises(DeliveryError):
        bench.deliver(alert_body("slack", "slack/soc"))
    bench.destination.outcomes = {}
    bench.deliver(alert_body("slack", "slack/soc"))
    assert bench.destination.sent == [("", ALERT.id), ("soc", ALERT.id), ("soc", ALERT.id)]


def test_a_refusal_waits_until_the_other_channel_took_it() -> None:
    bench = Bench(soc=BUSY, default=REFUSED)
    with pytest.raises(DeliveryError):
        bench.deliver(alert_body("slack", "slack/soc"))
    assert bench.queue.buried == []
    bench.destination.outcomes = {"default": REFUSED}
    bench.deliver(alert_body("slack", "slack/soc"))
    assert bench.queue.buried == [(alert_body("slack", "slack/soc"), "channel_not_found")]


@pytest.mark.parametrize("body", ["", "no json", "[]", "{}", '{"version": "1.0"}'])
def test_what_is_no_alert_is_buried_and_not_sent(body: str) -> None:
    bench = Bench()
    bench.deliver(body)
    assert bench.destination.sent == []
    assert [buried for buried, _ in bench.queue.buried] == [body]


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_seconds(received) for received in (1, 2, 3, 9, 10, 11, 1000)] == [2, 4, 8, 512, 900, 900, 900]
