"""The window closer over moto's DynamoDB: four hundred repeats, and a process that dies at every step."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from detector.dynamodb_store import DynamoDbStore
from detector.sqs_timers import SqsTimers
from detector.window_closer import WindowCloser
from state.claims import Claims
from state.dynamodb import DynamoDb
from tests.alerts import RUN_INSTANCES
from tests.unit.findings import START, Bench, make_rule
from trailbell.alert import Alert
from trailbell.follow_up import Timer, make_timers
from trailbell.rules import Dedupe

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

WINDOW_SECONDS = 900
OVER = START + timedelta(seconds=WINDOW_SECONDS)


class Killed(BaseException):
    """The end of a process: no `except Exception` sees it, so nothing is cleaned up."""


class Process:
    """An invocation's context, as far as Powertools asks."""

    def __init__(self, left_seconds: float) -> None:
        self._left_seconds = left_seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._left_seconds * 1000)


@pytest.fixture(autouse=True)
def tables() -> None:
    database: Any = boto3.resource("dynamodb")
    for name, keys in (("claims", ["id"]), ("windows", ["id", "entry"])):
        kinds = zip(keys, ("HASH", "RANGE"), strict=False)
        database.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in kinds],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
        )


def windowed(repeats: int) -> tuple[DynamoDbStore, Timer]:
    """Return a store with a window that is over and counted so many repeats, and the window's timer."""
    store = DynamoDbStore("windows", DynamoDb())
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
        once=Claims("claims", DynamoDb(), kind="follow-up", sleep=lambda _: None).once,
        publish=published.append,
        clock=lambda: OVER,
        metrics=Metrics(namespace="test", service="test"),
    )


def close(closer: WindowCloser, timer: Timer, left_seconds: float = 30) -> None:
    closer.close(SQSRecord({"body": json.dumps(timer.to_json())}), cast("LambdaContext", Process(left_seconds)))


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


def dying(original: Callable[..., Any], when: str) -> Callable[..., Any]:
    def die(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            original(*args, **kwargs)
        raise Killed

    return die
