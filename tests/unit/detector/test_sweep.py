"""A sweep acts on what is due, each thing by itself, and never for ever."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from aws_lambda_powertools import Metrics

from tests.unit.detector.memory_due import MemoryDue
from tests.unit.invocation import left
from trailbell.contract.tables import SWEEP_SECONDS
from trailbell.errors import DeliveryError
from trailbell.functions.window_closer.sweep import LONGEST_SECONDS, MAX_TRIES, Sweep
from trailbell.tables.due import Leased

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

MINUTE_MS = 60_000


class Sweeping:
    """A sweep of things that fail as a test says, at a time that it sets."""

    def __init__(self) -> None:
        self.items = MemoryDue()
        self.now_ms = 1_700_000_000_000
        self.done: list[str] = []
        self.buried: list[str] = []
        self.failing: set[str] = set()
        self.queue_fails = False
        self.metrics = Metrics(namespace="test", service="test")
        self.sweep = Sweep(
            items=self.items, act=self.act, bury=self.bury, now_ms=lambda: self.now_ms, metrics=self.metrics
        )

    def act(self, due: Leased, _: "LambdaContext") -> None:
        if due.body in self.failing:
            raise DeliveryError("SNS did not take it")
        self.done.append(due.body)

    def bury(self, body: str) -> None:
        if self.queue_fails:
            raise DeliveryError("SQS did not take it")
        self.buried.append(body)

    def put(self, *bodies: str, ago_ms: int = 0) -> None:
        for number, body in enumerate(bodies):
            self.items.put(body, "due#e", at_ms=self.now_ms - ago_ms + number, body=body)
        self.now_ms += len(bodies)

    def run(self, left_seconds: float = 50) -> None:
        self.sweep.run(left(left_seconds))
        self.now_ms += MINUTE_MS


@pytest.fixture
def sweeping() -> Iterator[Sweeping]:
    made = Sweeping()
    yield made
    made.metrics.clear_metrics()


def overdue_seconds(metrics: Metrics) -> float:
    (value,) = metrics.serialize_metric_set()["OverdueSeconds"]  # type: ignore[typeddict-item]
    return float(value)


def test_one_that_fails_does_not_stop_the_next_and_is_tried_again_a_minute_later(sweeping: Sweeping) -> None:
    sweeping.put("a", "b", "c")
    sweeping.failing = {"a"}
    sweeping.run()
    assert sweeping.done == ["b", "c"]
    sweeping.failing = set()
    sweeping.run()
    sweeping.run()
    assert sweeping.done == ["b", "c", "a"]


def test_what_never_succeeds_is_buried_after_an_hour_and_not_tried_again(sweeping: Sweeping) -> None:
    sweeping.put("a")
    sweeping.failing = {"a"}
    for _ in range(MAX_TRIES):
        sweeping.run()
    assert sweeping.buried == []
    for _ in range(3):
        sweeping.run()
    assert (sweeping.buried, sweeping.done, sweeping.items.at_ms) == (["a"], [], {})


def test_what_the_dead_letter_queue_does_not_take_stays_due(sweeping: Sweeping) -> None:
    sweeping.put("a")
    sweeping.failing, sweeping.queue_fails = {"a"}, True
    for _ in range(MAX_TRIES + 5):
        sweeping.run()
    sweeping.queue_fails = False
    for _ in range(2):
        sweeping.run()
    assert sweeping.buried == ["a"]


def test_one_that_kills_the_function_is_counted_as_tried(sweeping: Sweeping) -> None:
    class Stopped(BaseException):
        """Lambda's time-out."""

    def stop(*_: object) -> None:
        raise Stopped

    sweeping.put("a")
    sweeping.sweep._act = stop
    for _ in range(MAX_TRIES):
        with pytest.raises(Stopped):
            sweeping.run()
        sweeping.now_ms += MINUTE_MS
    sweeping.run()
    assert sweeping.buried == ["a"]


def test_two_sweeps_at_once_act_once(sweeping: Sweeping) -> None:
    sweeping.put("a")
    act, other = sweeping.sweep._act, left(50)

    def slow(due: Leased, context: "LambdaContext") -> None:
        sweeping.sweep._act = act
        sweeping.now_ms += (SWEEP_SECONDS - 1) * 1000
        sweeping.sweep.run(other)
        act(due, context)

    sweeping.sweep._act = slow
    sweeping.run()
    assert sweeping.done == ["a"]


def test_a_sweep_stops_in_time_and_the_next_goes_on(sweeping: Sweeping) -> None:
    sweeping.put("a", "b")
    sweeping.run(left_seconds=LONGEST_SECONDS - 1)
    assert sweeping.done == []
    sweeping.run()
    assert sweeping.done == ["a", "b"]


def test_how_late_the_oldest_is_is_measured_each_time(sweeping: Sweeping) -> None:
    sweeping.sweep.run(left(50))
    assert overdue_seconds(sweeping.metrics) == 0
    sweeping.metrics.clear_metrics()
    sweeping.put("a", ago_ms=90_000)
    sweeping.put("b", ago_ms=30_000)
    sweeping.sweep.run(left(50))
    assert overdue_seconds(sweeping.metrics) == pytest.approx(90, abs=0.1)


def test_the_log_names_what_failed(sweeping: Sweeping, caplog: pytest.LogCaptureFixture) -> None:
    sweeping.put("a")
    sweeping.failing = {"a"}
    sweeping.run()
    (line,) = caplog.records
    assert (line.message, vars(line)["key"]) == ("Not done; it is tried again in a minute", "a")
