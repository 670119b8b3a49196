"""What becomes of one queued alert, whatever its destination is."""

from dataclasses import replace

import pytest

from tests.unit.notifier.bench import ALERT, BUSY, REFUSED, Bench, alert_body
from trailbell.destinations.transport.outcome import Outcome
from trailbell.errors import DeliveryError, StateError
from trailbell.functions.notifier.notifier import labels_of, wait_seconds


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
