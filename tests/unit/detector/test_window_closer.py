"""A window that is over is told of once, with what it counted."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from detector.sqs_timers import SqsTimers
from detector.window_closer import WindowCloser
from tests.alerts import RUN_INSTANCES
from tests.unit.claims import MemoryClaims
from tests.unit.findings import Bench, make_rule
from trailbell.alert import Alert
from trailbell.errors import DeliveryError, RecordError
from trailbell.finding import Finding, OpenWindow
from trailbell.follow_up import Timer, make_timers
from trailbell.memory_store import MemoryStore
from trailbell.render.document import from_document, to_document
from trailbell.rules import Dedupe, Threshold

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from trailbell.store import Store

CONTEXT = cast("LambdaContext", None)
WINDOW_SECONDS = 900


class FakeTimers(SqsTimers):
    """Remembers what was started."""

    def __init__(self, now_seconds: Callable[[], float]) -> None:
        super().__init__("queue", now_seconds=now_seconds)
        self.started: list[Timer] = []

    def start(self, timer: Timer) -> None:
        self.started.append(timer)


class Closing:
    """A rule with a dedupe window, its findings, and a closer, at a time that a test sets."""

    def __init__(self, **rule: Any) -> None:
        self.store: Store = MemoryStore()
        dedupe = Dedupe(by=("rule",), window_seconds=WINDOW_SECONDS)
        self.bench = Bench(self.store, make_rule(**(rule or {"dedupe": dedupe})))
        self.now = datetime(2023, 10, 8, 17, 50, 24, tzinfo=UTC)
        self.timers = FakeTimers(lambda: self.now.timestamp())  # noqa: PLW0108 - `now` changes
        self.published: list[Alert] = []
        self.fails = 0
        self.closer = WindowCloser(
            store=self.store,
            timers=self.timers,
            once=MemoryClaims().once,
            publish=self.publish,
            clock=lambda: self.now,
            metrics=Metrics(namespace="test", service="test"),
        )

    def publish(self, alert: Alert) -> None:
        if self.fails:
            self.fails -= 1
            raise DeliveryError("SNS did not take it")
        self.published.append(alert)

    def alert(self, finding: Finding | None = None, **origin: Any) -> tuple[Timer, ...]:
        """Judge a finding now; return the timers of the windows that it opened."""
        finding = finding or self.bench.finding(
            (self.now - datetime(2023, 10, 8, 17, 50, 24, tzinfo=UTC)).total_seconds(), **origin
        )
        verdict = self.bench.verdict(finding)
        record = finding.record
        alert = replace(
            RUN_INSTANCES, id=finding.id, event=record.event, principal=record.principal, origin=record.origin,
            alerted_at=self.now,
        )  # fmt: skip
        return make_timers(alert, verdict.opened)

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def close(self, timer: Timer) -> None:
        self.closer.close(SQSRecord({"body": json.dumps(timer.to_json())}), CONTEXT)


def test_four_hundred_equal_events_are_one_alert_and_one_follow_up() -> None:
    closing = Closing()
    (timer,) = closing.alert()
    for _ in range(399):
        closing.later(1)
        assert closing.alert() == ()
    closing.later(WINDOW_SECONDS)
    for _ in range(3):
        closing.close(timer)
    (follow_up,) = closing.published
    assert follow_up.follow_up is not None
    assert follow_up.follow_up.repeats == 399
    assert follow_up.follow_up.of == timer.alert.id
    assert follow_up.id == f"{timer.alert.id}/follow-up"


def test_a_window_without_repeats_is_not_told_of() -> None:
    closing = Closing()
    (timer,) = closing.alert()
    closing.later(WINDOW_SECONDS)
    closing.close(timer)
    assert closing.published == []


def test_a_timer_that_comes_early_is_put_back() -> None:
    closing = Closing()
    (timer,) = closing.alert()
    closing.alert()
    closing.later(WINDOW_SECONDS - 1)
    closing.close(timer)
    assert (closing.published, closing.timers.started) == ([], [timer])
    closing.later(1)
    closing.close(timer)
    assert len(closing.published) == 1


def test_what_differed_is_told_and_what_did_not_is_not() -> None:
    closing = Closing()
    (timer,) = closing.alert(address="192.0.2.1")
    closing.alert(address="192.0.2.2")
    closing.alert(address="192.0.2.1")
    closing.later(WINDOW_SECONDS)
    closing.close(timer)
    (alert,) = closing.published
    assert alert.follow_up is not None
    assert alert.follow_up.differed == {"source_ip": ("192.0.2.1", "192.0.2.2")}
    assert alert.follow_up.since == timer.alert.alerted_at
    assert alert.follow_up.until == timer.alert.alerted_at + timedelta(seconds=WINDOW_SECONDS)


def test_a_follow_up_that_is_not_taken_is_tried_again_with_the_same_count() -> None:
    closing = Closing()
    (timer,) = closing.alert()
    closing.alert()
    closing.later(WINDOW_SECONDS)
    closing.fails = 1
    with pytest.raises(DeliveryError):
        closing.close(timer)
    # The next window begins before the timer comes again: it must not take what was closed.
    closing.alert()
    closing.alert()
    closing.close(timer)
    assert [alert.follow_up.repeats for alert in closing.published if alert.follow_up] == [1]


def test_repeats_are_told_by_the_follow_up_or_by_the_next_alert_and_never_by_both() -> None:
    in_time, late = Closing(), Closing()
    for closing in (in_time, late):
        (timer,) = closing.alert()
        closing.alert()
        closing.later(WINDOW_SECONDS)
        if closing is in_time:
            closing.close(timer)
        finding = closing.bench.finding(WINDOW_SECONDS)
        verdict = closing.bench.judge(finding)
        closing.close(timer)
        assert verdict.repeats + len(closing.published) == 1
    assert (len(in_time.published), len(late.published)) == (1, 0)


def test_a_threshold_window_is_followed_up_too() -> None:
    closing = Closing(threshold=Threshold(count=2, by=("rule",), window_seconds=WINDOW_SECONDS))
    assert closing.alert() == ()
    (timer,) = closing.alert()
    closing.alert()
    closing.later(WINDOW_SECONDS)
    closing.close(timer)
    assert [alert.follow_up.repeats for alert in closing.published if alert.follow_up] == [1]


def test_a_timer_holds_what_a_follow_up_tells_and_little_more() -> None:
    long = replace(RUN_INSTANCES, undo="x" * 5_000, summary="y" * 50_000, request_parameters={"a": "b" * 500_000})
    (timer,) = make_timers(long, (OpenWindow(key="k", ends_at_ms=1),))
    body = json.dumps(timer.to_json())
    assert len(body) < 20_000
    again = Timer.from_json(json.loads(body))
    assert (again.window, again.alert.id, again.alert.request_parameters) == (timer.window, RUN_INSTANCES.id, None)


@pytest.mark.parametrize("document", [None, [], {}, {"timer": 1}, {"timer": {"key": "a"}, "alert": {}}])
def test_what_is_no_timer_is_refused(document: object) -> None:
    with pytest.raises(RecordError):
        Timer.from_json(document)


def test_a_follow_up_survives_the_way_through_json() -> None:
    closing = Closing()
    (timer,) = closing.alert(address="192.0.2.1")
    closing.alert(address="192.0.2.2")
    closing.later(WINDOW_SECONDS)
    closing.close(timer)
    (alert,) = closing.published
    assert from_document(json.loads(json.dumps(to_document(alert)))) == alert
