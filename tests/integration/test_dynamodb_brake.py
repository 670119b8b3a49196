"""The storm brake's store over moto's DynamoDB answers as the one in memory does."""

import time
from typing import cast

import pytest

from notifier.brake import BrakeStore
from notifier.dynamodb_brake import DynamoDbBrake
from state.dynamodb import DynamoDb
from tests.integration.tables import WINDOWS, make_tables
from tests.unit.notifier.memory_brake import MemoryBrake
from trailbell.errors import StateError

MINUTE = "2026-11-23T17:58:00Z"


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
        assert store.fold("slack", MINUTE, f"alert-{number}", f"document {number}")
    assert sorted(store.close("slack", MINUTE)) == ["document 1", "document 2"]
    assert sorted(store.close("slack", MINUTE)) == ["document 1", "document 2"]


def test_a_closed_minute_takes_nothing_more(store: BrakeStore) -> None:
    assert store.close("slack", MINUTE) == []
    assert not store.fold("slack", MINUTE, "alert", "document")
    assert store.close("slack", MINUTE) == []


def test_a_timer_is_remembered(store: BrakeStore) -> None:
    assert not store.has_timer("slack", MINUTE)
    store.note_timer("slack", MINUTE)
    assert store.has_timer("slack", MINUTE)
    assert not store.has_timer("teams", MINUTE)


def test_each_alert_is_taken_or_told_to_be_late(store: BrakeStore) -> None:
    folded = {str(number) for number in range(3) if store.fold("slack", MINUTE, str(number), str(number))}
    first = set(store.close("slack", MINUTE))
    folded |= {str(number) for number in range(3, 6) if store.fold("slack", MINUTE, str(number), str(number))}
    assert first == set(store.close("slack", MINUTE)) == folded == {"0", "1", "2"}


def test_a_table_that_does_not_answer_is_told() -> None:
    missing = cast("BrakeStore", DynamoDbBrake("missing", DynamoDb(), now_seconds=time.time))
    with pytest.raises(StateError, match="missing"):
        missing.count("slack", MINUTE)
    with pytest.raises(StateError, match="missing"):
        missing.fold("slack", MINUTE, "alert", "document")
