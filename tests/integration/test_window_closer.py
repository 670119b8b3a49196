"""The window closer over moto's DynamoDB: four hundred repeats, and a process that dies at every step."""

import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from detector.dynamodb_store import DynamoDbStore
from detector.sqs_timers import SqsTimers
from detector.window_closer import WindowCloser
from state.claims import Claims
from state.dynamodb import DynamoDb
from tests.alerts import RUN_INSTANCES
from tests.integration.processes import Killed, dying
from tests.integration.tables import CLAIMS, WINDOWS, make_tables
from tests.unit.findings import START, Bench, make_rule
from tests.unit.invocation import left
from trailbell.alert import Alert
from trailbell.follow_up import Timer, make_timers
from trailbell.rules import Dedupe

WINDOW_SECONDS = 900
OVER = START + timedelta(seconds=WINDOW_SECONDS)


@pytest.fixture(autouse=True)
def tables() -> None:
    make_tables(CLAIMS, WINDOWS)


def windowed(repeats: int) -> tuple[DynamoDbStore, Timer]:
    """Return a store with a window that is over and counted so many repeats, and the window's timer."""
    store = DynamoDbStore(WINDOWS, DynamoDb())
    bench = Bench(store, make_rule(dedupe=Dedupe(by=("rule",), window_seconds=WINDOW_SECONDS)))
    first = bench.finding(0)
    verdict = bench.verdict(first)
    for number in range(repeats):
        assert bench.verdict(bench.finding(1 + number)).outcome == "deduplicated"
    alert = replace(RUN_INSTANCES, id=first.id, event=first.record.event, alerted_at=START)
    (timer,) = make_timers(alert, verdict.opened)
    return store, timer


def make_closer(store: DynamoDbStore, published: list[Alert]) -> WindowCloser:
    return WindowCloser(
        store=store,
        timers=SqsTimers("queue", now_seconds=OVER.timestamp),
        once=Claims(CLAIMS, DynamoDb(), kind="follow-up", sleep=lambda _: None).once,
        publish=published.append,
        clock=lambda: OVER,
        metrics=Metrics(namespace="test", service="test"),
    )


def close(closer: WindowCloser, timer: Timer, left_seconds: float = 30) -> None:
    closer.close(SQSRecord({"body": json.dumps(timer.to_json())}), left(left_seconds))


def test_four_hundred_equal_events_are_followed_up_with_399_more() -> None:
    store, timer = windowed(399)
    published: list[Alert] = []
    closer = make_closer(store, published)
    for _ in range(3):
        close(closer, timer)
    assert [alert.follow_up.repeats for alert in published if alert.follow_up] == [399]


STEPS = {
    "before the claim": ("claim", "before", 1),
    "after the claim": ("claim", "after", 1),
    "before closing": ("close", "before", 1),
    "after closing": ("close", "after", 1),
    "before publishing": ("publish", "before", 1),
    "after publishing": ("publish", "after", 2),
    "after completing": ("complete", "after", 1),
}
"""Where the process dies -> how often the follow-up arrives. Only between publishing and completing is it twice."""


@pytest.mark.parametrize("step", STEPS)
def test_a_closer_killed_at_any_step_tells_the_same_count_after_the_retry(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, when, expected = STEPS[step]
    store, timer = windowed(7)
    published: list[Alert] = []
    closer = make_closer(store, published)
    table = closer._once.__self__._table  # type: ignore[attr-defined]
    targets: dict[str, tuple[Any, str]] = {
        "claim": (table, "save_inprogress"),
        "close": (store, "close"),
        "publish": (closer, "_publish"),
        "complete": (table, "save_success"),
    }
    owner, name = targets[place]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dying(getattr(owner, name), when))
        with pytest.raises(Killed):
            close(closer, timer, left_seconds=0.1)
    time.sleep(0.15)  # the claim of the one that died ends
    for _ in range(2):
        close(closer, timer)
    assert [alert.follow_up.repeats for alert in published if alert.follow_up] == [7] * expected
