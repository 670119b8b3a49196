"""What becomes of one queued alert, whatever its destination is."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from notifier.brake import Brake
from notifier.notifier import Notifier, labels_of, wait_seconds
from notifier.outcome import DELIVERED, Outcome
from notifier.queue import Queue
from tests.unit.alerts import run_instances_alert
from tests.unit.claims import MemoryClaims
from tests.unit.notifier.memory_brake import MemoryBrake
from trailbell.alert import Alert
from trailbell.errors import DeliveryError, StateError
from trailbell.render.digest import Digest
from trailbell.render.document import to_document
from trailbell.rules import Severity

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class Invocation:
    """As far as a notifier asks its context."""

    def __init__(self, left_seconds: float) -> None:
        self._left_seconds = left_seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._left_seconds * 1000)


BUSY = Outcome(kind="try-later", reason="HTTP 500")
REFUSED = Outcome(kind="refused", reason="channel_not_found")


class FakeQueue(Queue):
    """Remembers what it is told."""

    def __init__(self) -> None:
        super().__init__(url="queue", dead_letters_url="dead")
        self.postponed: list[tuple[str, int]] = []
        self.later: list[tuple[str, int]] = []
        self.buried: list[tuple[str, str]] = []

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        self.postponed.append((receipt_handle, seconds))

    def send_later(self, body: str, seconds: int) -> None:
        self.later.append((body, seconds))

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
            store=MemoryBrake(),
            alerts_per_minute=budget,
            send_later=self.queue.send_later,
            clock=lambda: self.now,
        )

    def deliver(self, body: str, received: int = 1, left_seconds: float = 60) -> None:
        attributes = {"ApproximateReceiveCount": str(received)}
        record = SQSRecord({"body": body, "receiptHandle": "handle", "attributes": attributes})
        self.notifier.deliver(record, cast("LambdaContext", Invocation(left_seconds)))


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


@pytest.mark.parametrize(
    ("chance", "waits"),
    [(1, [2, 4, 8, 32, 60, 60, 60]), (0.5, [2, 3, 6, 24, 45, 45, 45]), (0, [1, 2, 4, 16, 30, 30, 30])],
)
def test_waits_double_up_to_a_minute_and_half_of_each_is_chance(chance: float, waits: list[int]) -> None:
    assert [wait_seconds(received, chance) for received in (1, 2, 3, 5, 6, 7, 1000)] == waits


def test_what_there_is_no_time_left_for_comes_back_before_anything_is_sent() -> None:
    bench = Bench()
    with pytest.raises(DeliveryError, match="took too long"):
        bench.deliver(alert_body(), left_seconds=29)
    assert bench.queue.postponed == [("handle", 1)]
    assert bench.destination.sent == []


@pytest.mark.parametrize("error", [DeliveryError("the secret is not filled"), StateError("the table is slow")])
def test_what_may_pass_soon_does_not_wait_for_the_visibility_timeout(error: Exception) -> None:
    bench = Bench()

    def once(*_: object) -> str:
        raise error

    bench.notifier._once = once
    with pytest.raises(DeliveryError, match=str(error)):
        bench.deliver(alert_body())
    assert bench.queue.postponed == [("handle", 2)]


def storm(count: int, severity: Severity = "medium", first: int = 0) -> list[str]:
    """Return the bodies of so many different alerts."""
    alerts = (replace(ALERT, id=f"event-{number}/rule", severity=severity) for number in range(first, first + count))
    return [json.dumps(to_document(alert)) for alert in alerts]


def test_alerts_within_the_budget_go_out_at_once() -> None:
    bench = Bench(budget=20)
    for body in storm(20):
        bench.deliver(body)
    assert len(bench.destination.sent) == 20
    assert bench.queue.later == []


def test_past_the_budget_alerts_wait_for_one_digest_at_the_minutes_end() -> None:
    bench = Bench(budget=20)
    for body in [*storm(60), *storm(1, "critical", first=60)]:
        bench.deliver(body)
    assert len(bench.destination.sent) == 20
    ((timer, seconds),) = bench.queue.later
    assert 50 <= seconds <= 52
    bench.now += timedelta(seconds=seconds)
    bench.deliver(timer)
    (digest,) = bench.destination.digests
    assert len(digest.alerts) == 41
    assert [alert.severity for alert in digest.alerts[:2]] == ["critical", "medium"]
    told = {alert_id for _, alert_id in bench.destination.sent} | {alert.id for alert in digest.alerts}
    assert told == {f"event-{number}/rule" for number in range(61)}


def test_a_new_minute_has_a_new_budget() -> None:
    bench = Bench(budget=1)
    for body in storm(2):
        bench.deliver(body)
    bench.now += timedelta(minutes=1)
    bench.deliver(storm(1, first=2)[0])
    assert [alert_id for _, alert_id in bench.destination.sent] == ["event-0/rule", "event-2/rule"]


def test_a_digest_that_is_not_taken_comes_back_whole_and_goes_out_once() -> None:
    bench = Bench(budget=1)
    for body in storm(3):
        bench.deliver(body)
    ((timer, _),) = bench.queue.later
    bench.destination.outcomes = {"default": BUSY}
    with pytest.raises(DeliveryError):
        bench.deliver(timer)
    bench.destination.outcomes = {"default": REFUSED}
    bench.deliver(timer)
    assert bench.queue.buried == [(timer, "channel_not_found")]
    bench.destination.outcomes = {}
    for _ in range(3):
        bench.deliver(timer)
    (digest,) = bench.destination.digests
    assert len(digest.alerts) == 2


def test_an_alert_that_comes_when_its_minute_is_closed_waits_for_the_next() -> None:
    bench = Bench(budget=0)
    bench.deliver(storm(1)[0])
    ((timer, _),) = bench.queue.later
    bench.deliver(timer)
    bench.deliver(storm(1, first=1)[0])
    _, (later, seconds) = bench.queue.later
    assert later != timer
    assert 110 <= seconds <= 112
    bench.deliver(later)
    assert [[alert.id for alert in digest.alerts] for digest in bench.destination.digests] == [
        ["event-0/rule"],
        ["event-1/rule"],
    ]


def test_a_folded_alert_that_is_delivered_again_is_not_told_again() -> None:
    bench = Bench(budget=0)
    for body in storm(2) * 3:
        bench.deliver(body)
    bench.deliver(bench.queue.later[0][0])
    assert [len(digest.alerts) for digest in bench.destination.digests] == [2]


def test_a_crash_before_the_timer_is_marked_makes_a_second_timer_and_one_digest() -> None:
    bench = Bench(budget=0)

    class Crashing(MemoryBrake):
        crashes = 1

        def note_timer(self, destination: str, minute: str) -> None:
            if self.crashes:
                self.crashes -= 1
                raise ZeroDivisionError
            super().note_timer(destination, minute)

    bench.notifier._brake = Brake(
        store=Crashing(), alerts_per_minute=0, send_later=bench.queue.send_later, clock=lambda: bench.now
    )
    with pytest.raises(ZeroDivisionError):
        bench.deliver(storm(1)[0])
    bench.deliver(storm(1)[0])
    first, second = bench.queue.later
    assert first == second
    for timer, _ in bench.queue.later:
        bench.deliver(timer)
    assert [len(digest.alerts) for digest in bench.destination.digests] == [1]


@pytest.mark.parametrize("body", ['{"digest": 1}', '{"digest": {"destination": 1, "minute": 2}}', '{"digest": {}}'])
def test_what_only_looks_like_a_timer_is_buried(body: str) -> None:
    bench = Bench(budget=1)
    bench.deliver(body)
    assert [buried for buried, _ in bench.queue.buried] == [body]
