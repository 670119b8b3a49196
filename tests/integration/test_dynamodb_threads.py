"""The threads' store over moto's DynamoDB answers as the one in memory does."""

import time

import pytest

from tests.integration.tables import WINDOWS, make_tables
from tests.unit.notifier.memory_threads import MemoryThreads
from trailbell.errors import StateError
from trailbell.tables.dynamodb import DynamoDb
from trailbell.tables.threads import DynamoDbThreads, Posted, Threads

POSTED = Posted(channel="C1", timestamp="1700000000.000001", message={"text": "hello", "blocks": []})


@pytest.fixture(params=["memory", "dynamodb"])
def threads(request: pytest.FixtureRequest) -> Threads:
    if request.param == "memory":
        return MemoryThreads()
    make_tables(WINDOWS)
    return DynamoDbThreads(WINDOWS, DynamoDb(), now_seconds=time.time)


def test_a_message_is_found_under_its_key_in_its_channel_only(threads: Threads) -> None:
    threads.keep("slack", ["one"], POSTED)
    assert threads.find("slack", "one") == POSTED
    assert threads.find("slack", "two") is None
    assert threads.find("slack/soc", "one") is None


def test_the_latest_message_of_a_key_counts(threads: Threads) -> None:
    threads.keep("slack", ["one"], POSTED)
    later = Posted(channel="C1", timestamp="1700000000.000002")
    threads.keep("slack", ["one"], later)
    assert threads.find("slack", "one") == later


def test_a_digest_is_found_under_every_alert_of_it(threads: Threads) -> None:
    digest = Posted(channel="C1", timestamp="1700000000.000003")
    keys = [str(number) for number in range(60)]
    threads.keep("slack", [*keys, "0"], digest)
    assert [threads.find("slack", key) for key in keys] == [digest] * 60


def test_a_table_that_does_not_answer_is_told() -> None:
    threads = DynamoDbThreads("missing", DynamoDb(), now_seconds=time.time)
    with pytest.raises(StateError, match="missing did not answer"):
        threads.find("slack", "one")
    with pytest.raises(StateError, match="missing did not answer"):
        threads.keep("slack", ["one"], POSTED)


def test_a_message_is_forgotten_after_a_dead_letter_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000)
    written: list[dict[str, object]] = []
    threads = DynamoDbThreads("windows", DynamoDb(), now_seconds=time.time)
    monkeypatch.setattr(threads, "_write", written.extend)
    threads.keep("slack", ["one"], POSTED)
    (put,) = written
    assert put["PutRequest"]["Item"]["expires_at"] == {"N": str(1_000_000_000 + 16 * 86_400)}  # type: ignore[index]
