"""The window closer over moto's DynamoDB: four hundred repeats, and a process that dies at every step."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools import Metrics

from tests.alerts import RUN_INSTANCES
from tests.integration.processes import Killed, dying
from tests.integration.tables import CLAIMS, WINDOWS, make_tables
from tests.unit.findings import START, Bench, make_rule
from tests.unit.invocation import left
from trailbell.contract.tables import SWEEP_SECONDS
from trailbell.follow_up import pending_of
from trailbell.functions.window_closer.handler import WindowCloser
from trailbell.functions.window_closer.sweep import Sweep
from trailbell.rule import Dedupe
from trailbell.tables.claims import Claims
from trailbell.tables.due import DueItems
from trailbell.tables.dynamodb import DynamoDb
from trailbell.tables.follow_ups import FollowUps
from trailbell.tables.windows import DynamoDbStore

if TYPE_CHECKING:
    from trailbell.alert import Alert

WINDOW_SECONDS = 900
OVER = START + timedelta(seconds=WINDOW_SECONDS)


@pytest.fixture(autouse=True)
def tables() -> None:
    make_tables(CLAIMS, WINDOWS)


class Closing:
    """A window that is over and counted so many repeats, as the detector left it, and the closer."""

    def __init__(self, repeats: int) -> None:
        self.store = DynamoDbStore(WINDOWS, DynamoDb())
        bench = Bench(self.store, make_rule(dedupe=Dedupe(by=("rule",), window_seconds=WINDOW_SECONDS)))
        first = bench.finding(0)
        verdict = bench.verdict(first)
        for number in range(repeats):
            assert bench.verdict(bench.finding(1 + number)).outcome == "deduplicated"
        alert = replace(RUN_INSTANCES, id=first.id, event=first.record.event, alerted_at=START)
        (pending,) = pending_of(alert, verdict.opened)
        self.now = OVER
        self.items = DueItems(WINDOWS, DynamoDb(), now_seconds=self.now.timestamp)
        FollowUps(self.items).remember(pending)
        self.published: list[Alert] = []
        self.claims = Claims(CLAIMS, DynamoDb(), kind="follow-up", sleep=lambda _: None)
        metrics = Metrics(namespace="test", service="test")
        self.closer = WindowCloser(
            store=self.store,
            once=self.claims.once,
            publish=self.published.append,
            wake=lambda *_: None,
            clock=lambda: self.now,
            metrics=metrics,
        )
        self._sweep = Sweep(
            items=self.items,
            act=self.closer.act,
            bury=lambda _: None,
            now_ms=lambda: round(self.now.timestamp() * 1000),
            metrics=metrics,
        )

    def sweep(self, left_seconds: float = 50) -> None:
        self._sweep.run(left(left_seconds))

    @property
    def told(self) -> list[int]:
        """Return the counts of the follow-ups that were published."""
        return [alert.follow_up.repeats for alert in self.published if alert.follow_up]


def test_four_hundred_equal_events_are_followed_up_with_399_more() -> None:
    closing = Closing(399)
    for _ in range(3):
        closing.sweep()
        closing.now += timedelta(minutes=1)
    assert closing.told == [399]
    assert closing.items.look(round(closing.now.timestamp() * 1000), limit=10) == []


STEPS = {
    "after the lease": ("lease", "after", 1),
    "before the claim": ("claim", "before", 1),
    "after the claim": ("claim", "after", 1),
    "before closing": ("close", "before", 1),
    "after closing": ("close", "after", 1),
    "before publishing": ("publish", "before", 1),
    "after publishing": ("publish", "after", 2),
    "after completing": ("complete", "after", 1),
    "after it is done": ("done", "after", 1),
}
"""Where the process dies -> how often the follow-up arrives. Only between publishing and completing is it twice."""


@pytest.mark.parametrize("step", STEPS)
def test_a_closer_killed_at_any_step_tells_the_same_count_after_the_retry(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, when, expected = STEPS[step]
    closing = Closing(7)
    table = closing.claims._table
    targets: dict[str, tuple[Any, str]] = {
        "lease": (closing.items, "lease"),
        "claim": (table, "save_inprogress"),
        "close": (closing.store, "close"),
        "publish": (closing.closer, "_publish"),
        "complete": (table, "save_success"),
        "done": (closing.items, "done"),
    }
    owner, name = targets[place]
    with monkeypatch.context() as patch:
        patch.setattr("trailbell.functions.window_closer.sweep.LONGEST_SECONDS", 0)
        patch.setattr(owner, name, dying(getattr(owner, name), when))
        with pytest.raises(Killed):
            closing.sweep(left_seconds=0.1)
    time.sleep(0.15)  # the claim of the one that died ends
    for _ in range(2):
        closing.now += timedelta(seconds=SWEEP_SECONDS)
        closing.sweep()
    assert closing.told == [7] * expected
