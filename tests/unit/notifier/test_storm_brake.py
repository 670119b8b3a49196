"""The storm brake: past a destination's budget, alerts wait for one digest a minute."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from notifier.brake import Brake
from tests.unit.notifier.bench import ALERT, BUSY, REFUSED, Bench
from tests.unit.notifier.memory_brake import MemoryBrake
from trailbell.errors import DeliveryError
from trailbell.render.document import to_document
from trailbell.rules import Severity


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
