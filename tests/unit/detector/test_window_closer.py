"""A window that is over is told of once, with what it counted."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_lambda_powertools import Metrics

from tests.alerts import RUN_INSTANCES
from tests.unit.claims import MemoryClaims
from tests.unit.detector.memory_due import MemoryDue
from tests.unit.findings import Bench, make_rule
from tests.unit.invocation import left
from trailbell.alert import Alert
from trailbell.errors import DeliveryError, RecordError
from trailbell.finding import Finding, OpenWindow
from trailbell.follow_up import PendingFollowUp, pending_of
from trailbell.formats.document import from_document, to_document
from trailbell.functions.window_closer.handler import WindowCloser, kind_of
from trailbell.functions.window_closer.sweep import Sweep
from trailbell.rule import Dedupe, Threshold
from trailbell.tables.follow_ups import FollowUps
from trailbell.windows.memory import MemoryStore

if TYPE_CHECKING:
    from trailbell.tables.due import DueItems
    from trailbell.windows.store import Store

WINDOW_SECONDS = 900
MINUTE_SECONDS = 60


class Closing:
    """A rule with a dedupe window, its findings, and a closer, at a time that a test sets."""

    def __init__(self, **rule: Any) -> None:
        self.store: Store = MemoryStore()
        dedupe = Dedupe(by=("rule",), window_seconds=WINDOW_SECONDS)
        self.bench = Bench(self.store, make_rule(**(rule or {"dedupe": dedupe})))
        self.now = datetime(2023, 10, 8, 17, 50, 24, tzinfo=UTC)
        self.due = MemoryDue()
        self.follow_ups = FollowUps(cast("DueItems", self.due))
        self.published: list[Alert] = []
        self.woken: list[tuple[str, str]] = []
        self.fails = 0
        metrics = Metrics(namespace="test", service="test")
        closer = WindowCloser(
            store=self.store,
            once=MemoryClaims().once,
            publish=self.publish,
            wake=lambda kind, body: self.woken.append((kind, body)),
            clock=lambda: self.now,
            metrics=metrics,
        )
        self._sweep = Sweep(
            items=self.due,
            act=closer.act,
            bury=pytest.fail,
            now_ms=lambda: round(self.now.timestamp() * 1000),
            metrics=metrics,
        )

    def publish(self, alert: Alert) -> None:
        if self.fails:
            self.fails -= 1
            raise DeliveryError("SNS did not take it")
        self.published.append(alert)

    def alert(self, finding: Finding | None = None, **origin: Any) -> tuple[PendingFollowUp, ...]:
        """Judge a finding now; remember the follow-ups of the windows that it opened, as the detector does."""
        finding = finding or self.bench.finding(
            (self.now - datetime(2023, 10, 8, 17, 50, 24, tzinfo=UTC)).total_seconds(), **origin
        )
        verdict = self.bench.verdict(finding)
        record = finding.record
        alert = replace(
            RUN_INSTANCES, id=finding.id, event=record.event, principal=record.principal, origin=record.origin,
            alerted_at=self.now,
        )  # fmt: skip
        opened = pending_of(alert, verdict.opened)
        for pending in opened:
            self.follow_ups.remember(pending)
        return opened

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def sweep(self) -> None:
        """Do what the schedule does once a minute."""
        self._sweep.run(left(50))


def test_four_hundred_equal_events_are_one_alert_and_one_follow_up() -> None:
    closing = Closing()
    (pending,) = closing.alert()
    for _ in range(399):
        closing.later(1)
        assert closing.alert() == ()
    closing.later(WINDOW_SECONDS)
    for _ in range(3):
        closing.sweep()
    (follow_up,) = closing.published
    assert follow_up.follow_up is not None
    assert follow_up.follow_up.repeats == 399
    assert follow_up.follow_up.of == pending.alert.id
    assert follow_up.id == f"{pending.alert.id}/follow-up"


def test_a_window_without_repeats_is_not_told_of() -> None:
    closing = Closing()
    closing.alert()
    closing.later(WINDOW_SECONDS)
    closing.sweep()
    assert closing.published == []


def test_a_window_is_not_closed_before_it_is_over() -> None:
    closing = Closing()
    closing.alert()
    closing.alert()
    closing.later(WINDOW_SECONDS - 1)
    closing.sweep()
    assert closing.published == []
    closing.later(1)
    closing.sweep()
    assert len(closing.published) == 1


def test_a_window_of_twelve_hours_is_followed_up_by_the_sweep_after_its_end() -> None:
    seconds = 12 * 3600
    closing = Closing(dedupe=Dedupe(by=("rule",), window_seconds=seconds))
    (pending,) = closing.alert()
    closing.alert()
    for _ in range(seconds // MINUTE_SECONDS - 1):
        closing.later(MINUTE_SECONDS)
        closing.sweep()
    # 719 sweeps looked, and none touched it: nothing is put off, so nothing can be put off too often.
    assert (closing.published, set(closing.due.tries.values())) == ([], {0})
    closing.later(MINUTE_SECONDS)
    closing.sweep()
    assert [alert.id for alert in closing.published] == [pending.follow_up_id]
    assert closing.due.at_ms == {}


def test_a_follow_up_remembered_again_after_it_was_told_is_not_told_again() -> None:
    closing = Closing()
    (pending,) = closing.alert()
    closing.alert()
    closing.later(WINDOW_SECONDS)
    closing.sweep()
    closing.follow_ups.remember(pending)
    closing.sweep()
    assert len(closing.published) == 1
    assert closing.due.at_ms == {}


def test_what_stands_under_a_key_that_a_notifier_may_write_is_not_told() -> None:
    closing = Closing()
    (pending,) = closing.alert()
    closing.alert()
    closing.due.at_ms.clear()
    closing.due.put("thread#slack#1", "due#1", at_ms=0, body=json.dumps(pending.to_json()))
    closing.later(WINDOW_SECONDS)
    closing.sweep()
    assert (closing.published, closing.woken) == ([], [])
    assert len(closing.due.at_ms) == 1  # tried again, and a dead letter in an hour


@pytest.mark.parametrize(("destination", "kind"), [("slack", "slack"), ("topic/pager", "topic")])
def test_the_end_of_a_brakes_minute_wakes_the_notifier_of_its_kind_with_what_it_left(
    destination: str, kind: str
) -> None:
    closing = Closing()
    key = f"brake#{destination}#2023-10-08T17:50:00Z"
    # What stands in the item does not decide: a notifier may write it.
    for body in ('{"digest": {}}', json.dumps({"timer": {"key": "dedupe#rule#1"}})):
        closing.due.put(key, "head", at_ms=0, body=body)
        closing.sweep()
        assert closing.woken.pop() == (kind, body)
    assert kind_of(key) == kind
    assert (closing.published, closing.due.at_ms) == ([], {})


def test_what_differed_is_told_and_what_did_not_is_not() -> None:
    closing = Closing()
    (pending,) = closing.alert(address="192.0.2.1")
    closing.alert(address="192.0.2.2")
    closing.alert(address="192.0.2.1")
    closing.later(WINDOW_SECONDS)
    closing.sweep()
    (alert,) = closing.published
    assert alert.follow_up is not None
    assert alert.follow_up.differed == {"source_ip": ("192.0.2.1", "192.0.2.2")}
    assert alert.follow_up.since == pending.alert.alerted_at
    assert alert.follow_up.until == pending.alert.alerted_at + timedelta(seconds=WINDOW_SECONDS)


def test_a_follow_up_that_is_not_taken_is_tried_again_with_the_same_count() -> None:
    closing = Closing()
    closing.alert()
    closing.alert()
    closing.later(WINDOW_SECONDS)
    closing.fails = 1
    closing.sweep()
    assert closing.published == []
    # The next window begins before the follow-up is tried again: it must not take what was closed.
    closing.alert()
    closing.alert()
    closing.later(MINUTE_SECONDS)
    closing.sweep()
    assert [alert.follow_up.repeats for alert in closing.published if alert.follow_up] == [1]


def test_repeats_are_told_by_the_follow_up_or_by_the_next_alert_and_never_by_both() -> None:
    in_time, late = Closing(), Closing()
    for closing in (in_time, late):
        closing.alert()
        closing.alert()
        closing.later(WINDOW_SECONDS)
        if closing is in_time:
            closing.sweep()
        finding = closing.bench.finding(WINDOW_SECONDS)
        verdict = closing.bench.judge(finding)
        closing.sweep()
        assert verdict.repeats + len(closing.published) == 1
    assert (len(in_time.published), len(late.published)) == (1, 0)


def test_a_threshold_window_is_followed_up_too() -> None:
    closing = Closing(threshold=Threshold(count=2, by=("rule",), window_seconds=WINDOW_SECONDS))
    assert closing.alert() == ()
    closing.alert()
    closing.alert()
    closing.later(WINDOW_SECONDS)
    closing.sweep()
    assert [alert.follow_up.repeats for alert in closing.published if alert.follow_up] == [1]


def test_what_is_remembered_is_what_a_follow_up_tells_and_little_more() -> None:
    long = replace(RUN_INSTANCES, undo="x" * 5_000, summary="y" * 50_000, request_parameters={"a": "b" * 500_000})
    (pending,) = pending_of(long, (OpenWindow(key="k", ends_at_ms=1),))
    body = json.dumps(pending.to_json())
    assert len(body) < 20_000
    again = PendingFollowUp.from_json(json.loads(body))
    assert (again.window, again.alert.id, again.alert.request_parameters) == (pending.window, RUN_INSTANCES.id, None)


@pytest.mark.parametrize("document", [None, [], {}, {"timer": 1}, {"timer": {"key": "a"}, "alert": {}}])
def test_what_is_no_pending_follow_up_is_refused(document: object) -> None:
    with pytest.raises(RecordError):
        PendingFollowUp.from_json(document)


def test_a_follow_up_survives_the_way_through_json() -> None:
    closing = Closing()
    closing.alert(address="192.0.2.1")
    closing.alert(address="192.0.2.2")
    closing.later(WINDOW_SECONDS)
    closing.sweep()
    (alert,) = closing.published
    assert from_document(json.loads(json.dumps(to_document(alert)))) == alert
