"""The storm brake: past a destination's budget, alerts wait for one digest a minute."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.notifier.bench import ALERT, BUSY, REFUSED, Bench
from trailbell.errors import DeliveryError
from trailbell.formats.document import to_document
from trailbell.rule import Severity


def storm(count: int, severity: Severity = "medium", first: int = 0) -> list[str]:
    """Return the bodies of so many different alerts."""
    alerts = (replace(ALERT, id=f"event-{number}/rule", severity=severity) for number in range(first, first + count))
    return [json.dumps(to_document(alert)) for alert in alerts]


def test_alerts_within_the_budget_go_out_at_once() -> None:
    bench = Bench(budget=20)
    for body in storm(20):
        bench.deliver(body)
    assert len(bench.destination.sent) == 20
    assert bench.due() == []


def test_past_the_budget_alerts_wait_for_one_digest_at_the_minutes_end() -> None:
    bench = Bench(budget=20)
    for body in [*storm(60), *storm(1, "critical", first=60)]:
        bench.deliver(body)
    assert len(bench.destination.sent) == 20
    ((ending, seconds),) = bench.due()
    assert seconds == 50
    bench.now += timedelta(seconds=seconds)
    bench.deliver(ending)
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
    ((ending, _),) = bench.due()
    bench.destination.outcomes = {"default": BUSY}
    with pytest.raises(DeliveryError):
        bench.deliver(ending)
    bench.destination.outcomes = {"default": REFUSED}
    bench.deliver(ending)
    assert bench.queue.buried == [(ending, "channel_not_found")]
    bench.destination.outcomes = {}
    for _ in range(3):
        bench.deliver(ending)
    (digest,) = bench.destination.digests
    assert len(digest.alerts) == 2


def test_an_alert_that_comes_when_its_minute_is_closed_waits_for_the_next() -> None:
    bench = Bench(budget=0)
    bench.deliver(storm(1)[0])
    ((ending, _),) = bench.due()
    bench.deliver(ending)
    bench.deliver(storm(1, first=1)[0])
    _, (later, seconds) = bench.due()
    assert later != ending
    assert seconds == 110
    bench.deliver(later)
    assert [[alert.id for alert in digest.alerts] for digest in bench.destination.digests] == [
        ["event-0/rule"],
        ["event-1/rule"],
    ]


def test_a_folded_alert_that_is_delivered_again_is_not_told_again() -> None:
    bench = Bench(budget=0)
    for body in storm(2) * 3:
        bench.deliver(body)
    bench.deliver(bench.due()[0][0])
    assert [len(digest.alerts) for digest in bench.destination.digests] == [2]


def test_a_minute_that_is_ended_twice_is_one_digest() -> None:
    bench = Bench(budget=0)
    bench.deliver(storm(1)[0])
    for _ in range(2):
        bench.deliver(bench.due()[0][0])
    assert [len(digest.alerts) for digest in bench.destination.digests] == [1]


@pytest.mark.parametrize("body", ['{"digest": 1}', '{"digest": {"destination": 1, "minute": 2}}', '{"digest": {}}'])
def test_what_only_looks_like_the_end_of_a_minute_is_buried(body: str) -> None:
    bench = Bench(budget=1)
    bench.deliver(body)
    assert [buried for buried, _ in bench.queue.buried] == [body]
