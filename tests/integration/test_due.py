"""What falls due, over moto's DynamoDB: found in time, leased to one, and gone when it is done."""

import time

import pytest

from tests.integration.tables import WINDOWS, items, make_tables
from trailbell.errors import StateError
from trailbell.tables.due import SHARDS, DueItems, Found, Leased
from trailbell.tables.dynamodb import DynamoDb

NOW_MS = 1_700_000_000_000
LATER_MS = NOW_MS + 50_000


@pytest.fixture
def due() -> DueItems:
    make_tables(WINDOWS)
    return DueItems(WINDOWS, DynamoDb(), now_seconds=lambda: NOW_MS / 1000)


def leased(due: DueItems, found: Found, until_ms: int = LATER_MS) -> Leased:
    item = due.lease(found, until_ms=until_ms)
    assert item is not None
    return item


def test_what_is_due_is_found_the_oldest_first_whatever_its_shard(due: DueItems) -> None:
    for number in range(40):
        due.put(f"key-{number}", "due#e", at_ms=NOW_MS - number, body="body")
    due.put("key-later", "due#e", at_ms=NOW_MS + 1, body="body")
    assert len({item["due_shard"] for item in items(WINDOWS)}) == len(SHARDS)
    found = due.look(NOW_MS, limit=1_000)
    assert [each.key for each in found] == [f"key-{number}" for number in reversed(range(40))]
    assert len(due.look(NOW_MS, limit=8)) == 8


def test_one_of_two_sweeps_gets_it_and_it_comes_again_when_the_lease_ends(due: DueItems) -> None:
    due.put("key", "due#e", at_ms=NOW_MS, body="body")
    (found,) = due.look(NOW_MS, limit=10)
    mine = leased(due, found)
    assert (mine.body, mine.tries) == ("body", 1)
    assert due.lease(found, until_ms=LATER_MS) is None
    assert due.look(LATER_MS - 1, limit=10) == []
    (again,) = due.look(LATER_MS, limit=10)
    assert leased(due, again, LATER_MS + 1).tries == 2


def test_what_is_done_is_due_no_more_and_holds_no_body(due: DueItems) -> None:
    due.put("key", "due#e", at_ms=NOW_MS, body="body")
    (found,) = due.look(NOW_MS, limit=10)
    due.done(leased(due, found))
    assert due.look(LATER_MS, limit=10) == []
    assert due.lease(found, until_ms=LATER_MS) is None
    (item,) = items(WINDOWS)
    assert set(item) == {"id", "entry", "expires_at"}


def test_what_is_made_due_anew_while_it_is_leased_stays_due_and_begins_from_the_first_try(due: DueItems) -> None:
    due.put("key", "due#e", at_ms=NOW_MS, body="body")
    (found,) = due.look(NOW_MS, limit=10)
    mine = leased(due, found)
    due.put("key", "due#e", at_ms=NOW_MS, body="anew")
    due.done(mine)
    (found,) = due.look(NOW_MS, limit=10)
    again = leased(due, found)
    assert (again.body, again.tries) == ("anew", 1)


def test_it_is_kept_longer_than_a_dead_letter_waits_from_when_it_is_due_or_written(due: DueItems) -> None:
    due.put("key", "ahead", at_ms=LATER_MS, body="body")
    due.put("key", "past", at_ms=0, body="body")
    kept = {item["entry"]: int(item["expires_at"]) for item in items(WINDOWS)}
    assert kept == {"ahead": LATER_MS // 1000 + 16 * 86_400, "past": NOW_MS // 1000 + 16 * 86_400}


def test_a_table_that_does_not_answer_is_told() -> None:
    missing = DueItems("missing", DynamoDb(), now_seconds=time.time)
    with pytest.raises(StateError, match="missing"):
        missing.put("key", "entry", at_ms=1, body="body")
    with pytest.raises(StateError, match="missing"):
        missing.look(1, limit=1)
    with pytest.raises(StateError, match="missing"):
        missing.lease(Found(key="key", entry="entry", at_ms=1), until_ms=2)
