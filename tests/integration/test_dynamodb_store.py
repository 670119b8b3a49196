"""The windows on DynamoDB: they agree with the store in memory, and hold when many detectors run at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import boto3
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.integration.tables import WINDOWS, items, make_tables, one_at_a_time
from tests.unit.findings import DAY, MINUTE, Bench, make_rule
from trailbell.contract.retention import STATE_SECONDS
from trailbell.errors import StateError
from trailbell.rule import Dedupe, FirstSeen, Threshold
from trailbell.tables.dynamodb import DynamoDb
from trailbell.tables.windows import DynamoDbStore
from trailbell.windows.memory import MemoryStore
from trailbell.windows.store import MAX_TRAITS, Sighting, Store

DETECTORS = 50


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> DynamoDbStore:
    one_at_a_time(monkeypatch, "update_item", "query")
    make_tables(WINDOWS)
    return DynamoDbStore(WINDOWS, DynamoDb())


def at_once(calls: list[Callable[[], str]]) -> list[str]:
    """Run all calls, each in a thread of its own, none before all are there."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], str]) -> str:
        barrier.wait(timeout=30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def judge_at_once(store: Store, rule: Any) -> list[str]:
    bench = Bench(store, rule)
    findings = [bench.finding(0) for _ in range(DETECTORS)]
    return at_once([lambda finding=finding: bench.judge(finding).outcome for finding in findings])  # type: ignore[misc]


def test_fifty_detectors_at_once_on_one_key_open_one_window(store: DynamoDbStore) -> None:
    rule = make_rule(dedupe=Dedupe(by=("principal",), window_seconds=900))
    outcomes = judge_at_once(store, rule)
    assert sorted(outcomes) == ["alerted"] + ["deduplicated"] * (DETECTORS - 1)
    assert Bench(store, rule).at(901, event_id="next").repeats == DETECTORS - 1


def test_fifty_detectors_at_once_reach_a_threshold_once(store: DynamoDbStore) -> None:
    outcomes = judge_at_once(store, make_rule(threshold=Threshold(count=DETECTORS, by=("rule",), window_seconds=60)))
    assert sorted(outcomes).count("alerted") == 1
    assert set(outcomes) <= {"alerted", "below_threshold", "deduplicated"}


def test_of_fifty_detectors_at_once_one_sees_what_is_new(store: DynamoDbStore) -> None:
    outcomes = judge_at_once(store, make_rule(first_seen=FirstSeen(by=("region",), window_seconds=30 * DAY)))
    assert sorted(outcomes) == ["alerted"] + ["seen_before"] * (DETECTORS - 1)


def test_fifty_deliveries_of_one_event_are_one_sighting(store: DynamoDbStore) -> None:
    bench = Bench(store, make_rule(threshold=Threshold(count=2, by=("rule",), window_seconds=60)))
    finding = bench.finding(0)
    outcomes = at_once([lambda: bench.judge(finding).outcome] * DETECTORS)
    assert outcomes == ["below_threshold"] * DETECTORS


EXAMPLES = count()
PARTS = 3
"""Each with examples of its own, so that none takes long."""
TICKS = st.integers(0, 6)
"""Few and small numbers, so that the ends of windows, ties and events that come again are tried often."""
KEYS = st.sampled_from(["a", "b"])
EVENT_IDS = st.sampled_from(["1", "2", "3"])
WINDOW_TICKS = st.integers(1, 4)
OPERATIONS = st.one_of(
    st.tuples(st.just("open"), KEYS, EVENT_IDS, WINDOW_TICKS),
    st.tuples(st.just("repeat"), KEYS, EVENT_IDS, st.dictionaries(st.sampled_from(["x", "y"]), EVENT_IDS, min_size=1)),
    st.tuples(st.just("close"), KEYS, EVENT_IDS),
    st.tuples(st.just("note"), KEYS, EVENT_IDS, TICKS, WINDOW_TICKS, st.integers(2, 3)),
    st.tuples(st.just("begin"), KEYS, TICKS),
    st.tuples(st.just("see"), KEYS, EVENT_IDS, TICKS, WINDOW_TICKS),
)
STEPS = st.lists(st.tuples(st.integers(0, 2), OPERATIONS), min_size=10, max_size=25)


@pytest.mark.no_cover  # long enough as it is
@pytest.mark.parametrize("part", range(PARTS))
def test_both_stores_answer_the_same_to_any_sequence(store: DynamoDbStore, part: int) -> None:
    @seed(part)
    @settings(max_examples=60 // PARTS, deadline=None, database=None)
    @given(steps=STEPS)
    def answer_the_same(steps: list[tuple[int, Any]]) -> None:
        # The table is the same for all examples; keys of its own give each a clean start.
        example, memory, now_ms = next(EXAMPLES), MemoryStore(), 10
        for ticks, (name, key, *rest) in steps:
            now_ms += ticks
            answers = [ask(each, name, f"{key}-{example}", now_ms, rest) for each in (store, memory)]
            assert answers[0] == answers[1], (name, key, rest, now_ms)

    answer_the_same()


def ask(store: Store, name: str, key: str, now_ms: int, rest: list[Any]) -> object:
    if name == "open":
        return store.open(key, event_id=rest[0], now_ms=now_ms, window_ms=rest[1])
    if name == "repeat":
        return store.repeat(key, event_id=rest[0], now_ms=now_ms, traits=rest[1])
    if name == "close":
        return store.close(key, event_id=rest[0], now_ms=now_ms)
    if name == "begin":
        return store.begin(key, at_ms=now_ms - 3 + rest[0])
    # Events happened before or after what the clock says.
    sighting = Sighting(at_ms=now_ms - 3 + rest[1], event_id=rest[0])
    if name == "note":
        return store.note(key, sighting, now_ms=now_ms, window_ms=rest[2], count=rest[3])
    return store.see(key, sighting, now_ms=now_ms, window_ms=rest[2])


def test_entries_are_kept_past_the_redrive_of_a_dead_letter_and_then_deleted(store: DynamoDbStore) -> None:
    now_ms = 1_700_000_000_000
    sighting = Sighting(at_ms=now_ms - 5_000, event_id="1")
    store.open("a", event_id="1", now_ms=now_ms, window_ms=60_000)
    store.note("b", sighting, now_ms=now_ms, window_ms=60_000, count=2)
    store.see("c", sighting, now_ms=now_ms, window_ms=60_000)
    assert STATE_SECONDS > 14 * DAY
    assert {int(item["expires_at"]) for item in items(WINDOWS)} == {1_700_000_060 + STATE_SECONDS}


def test_what_is_over_counts_as_gone_though_dynamodb_has_not_deleted_it(store: DynamoDbStore) -> None:
    bench = Bench(store, make_rule(dedupe=Dedupe(by=("rule",), window_seconds=MINUTE)))
    assert bench.at(0).outcome == "alerted"
    assert bench.at(100 * DAY).outcome == "alerted"


def test_no_entry_tells_who_did_what(store: DynamoDbStore) -> None:
    by = ("principal", "source_ip", "access_key", "resource")
    bench = Bench(store, make_rule(first_seen=FirstSeen(by=by, window_seconds=60)))
    finding = bench.finding(0)
    bench.judge(finding)
    text = repr(items(WINDOWS))
    principal = finding.record.principal
    for secret in (principal.arn, principal.access_key_id, finding.record.origin.address):
        assert secret
        assert secret not in text


def test_a_burst_of_different_values_does_not_fill_the_table(store: DynamoDbStore) -> None:
    store.open("a", event_id="1", now_ms=0, window_ms=60_000)
    for number in range(2, 100):
        store.repeat("a", event_id=str(number), now_ms=1, traits={"source_ip": str(number), "region": "eu-west-1"})
    closed = store.close("a", event_id="1", now_ms=60_000)
    assert closed is not None
    assert closed.repeats == 98
    assert closed.traits["region"] == ("eu-west-1",)
    assert MAX_TRAITS <= len(closed.traits["source_ip"]) + 1 <= MAX_TRAITS + 1


def test_a_window_is_closed_once_though_two_close_it_at_the_same_time(store: DynamoDbStore) -> None:
    store.open("a", event_id="1", now_ms=0, window_ms=10)
    store.repeat("a", event_id="2", now_ms=1, traits={"region": "eu-west-1"})
    before = store._read("a", "window")
    assert store._forget("a", "1", before)
    assert not store._forget("a", "1", before)
    closed = store.close("a", event_id="1", now_ms=10)
    assert closed is not None
    assert closed.repeats == 1


def test_a_threshold_of_a_thousand_reads_all_its_neighbours(store: DynamoDbStore) -> None:
    with boto3.resource("dynamodb").Table(WINDOWS).batch_writer() as table:
        for number in range(1000):
            table.put_item(Item={"id": "k", "entry": f"at#{number:015d}#event-{number:032d}"})
    mine = Sighting(at_ms=999, event_id="event-" + "9" * 32)
    found = store.note("k", mine, now_ms=0, window_ms=60_000, count=1000)
    assert len(found) == 1000
    assert found[-1] == mine


def test_a_table_that_is_not_there_is_told() -> None:
    broken = DynamoDbStore("missing", DynamoDb())
    sighting = Sighting(at_ms=0, event_id="1")
    with pytest.raises(StateError, match="DynamoDB table missing did not answer"):
        broken.open("a", event_id="1", now_ms=0, window_ms=1)
    with pytest.raises(StateError, match="DynamoDB table missing did not answer"):
        broken._query("a", "a", "b", limit=1, forward=True)
    with pytest.raises(StateError, match="DynamoDB table missing did not answer"):
        broken.see("a", sighting, now_ms=0, window_ms=1)
