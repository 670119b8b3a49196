"""The storm brake's store over moto's DynamoDB answers as the one in memory does."""

import time
from typing import cast

import pytest

from tests.integration.tables import WINDOWS, make_tables
from tests.unit.notifier.memory_brake import MemoryBrake
from trailbell.brake import BrakeStore, Due
from trailbell.errors import StateError
from trailbell.tables.brake import DynamoDbBrake
from trailbell.tables.due import DueItems
from trailbell.tables.dynamodb import DynamoDb

MINUTE = "2026-11-23T17:58:00Z"
DUE = Due(at_ms=1_795_456_740_000, message="the minute is over")


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> BrakeStore:
    if request.param == "memory":
        return MemoryBrake()
    make_tables(WINDOWS)
    return DynamoDbBrake(WINDOWS, DynamoDb(), now_seconds=time.time)


def test_each_destination_and_minute_counts_for_itself(store: BrakeStore) -> None:
    assert [store.count("slack", MINUTE) for _ in range(3)] == [1, 2, 3]
    assert store.count("slack/soc", MINUTE) == 1
    assert store.count("slack", "2026-11-23T17:59:00Z") == 1


def test_what_is_folded_is_there_when_the_minute_is_closed_and_once(store: BrakeStore) -> None:
    for number in (1, 2, 1):
        assert store.fold("slack", MINUTE, f"alert-{number}", f"document {number}", DUE)
    assert sorted(store.close("slack", MINUTE)) == ["document 1", "document 2"]
    assert sorted(store.close("slack", MINUTE)) == ["document 1", "document 2"]


def test_a_closed_minute_takes_nothing_more(store: BrakeStore) -> None:
    assert store.close("slack", MINUTE) == []
    assert not store.fold("slack", MINUTE, "alert", "document", DUE)
    assert store.close("slack", MINUTE) == []


def test_a_minute_with_a_folded_alert_is_due_at_its_end_with_its_message() -> None:
    make_tables(WINDOWS)
    brake = DynamoDbBrake(WINDOWS, DynamoDb(), now_seconds=time.time)
    items = DueItems(WINDOWS, DynamoDb(), now_seconds=time.time)
    brake.count("slack", MINUTE)
    assert items.look(DUE.at_ms, limit=10) == []
    for number in range(2):
        brake.fold("slack", MINUTE, str(number), "document", DUE)
    assert items.look(DUE.at_ms - 1, limit=10) == []
    (found,) = items.look(DUE.at_ms, limit=10)
    leased = items.lease(found, until_ms=DUE.at_ms + 1)
    assert leased is not None
    assert (leased.key, leased.body) == (f"brake#slack#{MINUTE}", DUE.message)
    items.done(leased)
    assert items.look(DUE.at_ms + 1, limit=10) == []
    assert brake.close("slack", MINUTE) == ["document"] * 2


def test_an_alert_folded_after_the_sweep_makes_its_minute_due_again() -> None:
    make_tables(WINDOWS)
    brake = DynamoDbBrake(WINDOWS, DynamoDb(), now_seconds=time.time)
    items = DueItems(WINDOWS, DynamoDb(), now_seconds=time.time)
    for number in range(2):
        assert brake.fold("slack", MINUTE, str(number), "document", DUE)
        (found,) = items.look(DUE.at_ms, limit=10)
        leased = items.lease(found, until_ms=DUE.at_ms + 1)
        assert leased is not None
        items.done(leased)
    assert len(brake.close("slack", MINUTE)) == 2
    assert not brake.fold("slack", MINUTE, "2", "document", DUE)
    assert items.look(DUE.at_ms + 1, limit=10) == []


def test_each_alert_is_taken_or_told_to_be_late(store: BrakeStore) -> None:
    folded = {str(number) for number in range(3) if store.fold("slack", MINUTE, str(number), str(number), DUE)}
    first = set(store.close("slack", MINUTE))
    folded |= {str(number) for number in range(3, 6) if store.fold("slack", MINUTE, str(number), str(number), DUE)}
    assert first == set(store.close("slack", MINUTE)) == folded == {"0", "1", "2"}


def test_a_table_that_does_not_answer_is_told() -> None:
    missing = cast("BrakeStore", DynamoDbBrake("missing", DynamoDb(), now_seconds=time.time))
    with pytest.raises(StateError, match="missing"):
        missing.count("slack", MINUTE)
    with pytest.raises(StateError, match="missing"):
        missing.fold("slack", MINUTE, "alert", "document", DUE)
