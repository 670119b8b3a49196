"""Once per finding, over moto's DynamoDB: repeats, concurrency, a crash in between."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from moto.dynamodb.models import DynamoDBBackend

from tests.integration.processes import Killed
from tests.integration.tables import CLAIMS, end_claims, items, make_tables, one_at_a_time
from tests.unit.findings import Bench, make_rule
from tests.unit.invocation import left
from trailbell.errors import DeliveryError, InProgressError, StateError
from trailbell.finding import Finding
from trailbell.functions.detector.detector import claim_of
from trailbell.tables.claims import WAITS_SECONDS, Claims
from trailbell.tables.dynamodb import DynamoDb
from trailbell.windows.memory import MemoryStore

CONTEXT = left(30)


@pytest.fixture(autouse=True)
def tables() -> None:
    make_tables(CLAIMS)


@pytest.fixture
def claims() -> Claims:
    return Claims(CLAIMS, DynamoDb(), kind="finding", sleep=lambda _: None)


def finding(event_id: str = "1", rule_id: str = "test-rule", *, test: bool = False) -> Finding:
    return Bench(MemoryStore(), make_rule(id=rule_id)).finding(event_id=event_id, test=test)


def test_the_first_delivery_acts_and_later_ones_do_not(claims: Claims) -> None:
    acted: list[str] = []

    def act() -> str:
        acted.append("")
        return "alerted"

    assert [claims.once(claim_of(finding()), act, CONTEXT) for _ in range(3)] == ["alerted", None, None]
    assert len(acted) == 1


def test_other_events_rules_and_tests_are_other_findings(claims: Claims) -> None:
    for other in (finding("1"), finding("2"), finding("1", "other"), finding("1", test=True)):
        assert claims.once(claim_of(other), lambda: "alerted", CONTEXT) == "alerted"
    assert len(items(CLAIMS)) == 4


def test_a_claim_is_kept_longer_than_a_dead_letter(claims: Claims) -> None:
    claims.once(claim_of(finding()), lambda: "alerted", CONTEXT)
    (item,) = items(CLAIMS)
    assert item["status"] == "COMPLETED"
    assert float(item["expiration"]) > time.time() + 15 * 86_400


def test_what_failed_may_be_tried_again_at_once(claims: Claims) -> None:
    def fail() -> str:
        raise DeliveryError("topic out of order")

    with pytest.raises(DeliveryError, match="topic out of order"):
        claims.once(claim_of(finding()), fail, CONTEXT)
    assert claims.once(claim_of(finding()), lambda: "alerted", CONTEXT) == "alerted"


def test_a_claim_that_is_open_is_waited_for(claims: Claims) -> None:
    waits: list[float] = []
    results: list[str | None] = []
    other = Claims(CLAIMS, DynamoDb(), kind="finding", sleep=waits.append)

    def act() -> str:
        with pytest.raises(InProgressError, match="1/test-rule is being worked on by another attempt"):
            results.append(other.once(claim_of(finding()), lambda: "twice", CONTEXT))
        return "alerted"

    assert claims.once(claim_of(finding()), act, CONTEXT) == "alerted"
    assert results == []
    assert waits == [0.1, 0.3, 0.9]
    assert other.once(claim_of(finding()), lambda: "twice", CONTEXT) is None


def test_a_crash_leaves_a_claim_that_ends_with_the_invocation(claims: Claims) -> None:
    def die() -> str:
        raise Killed

    before = time.time()
    with pytest.raises(Killed):
        claims.once(claim_of(finding()), die, left(3_600))
    after = time.time()
    (item,) = items(CLAIMS)
    assert before - 1 < float(item["in_progress_expiration"]) / 1000 - 3_600 <= after
    with pytest.raises(StateError):
        claims.once(claim_of(finding()), lambda: "too early", CONTEXT)
    end_claims()
    assert claims.once(claim_of(finding()), lambda: "alerted", CONTEXT) == "alerted"


def test_what_was_done_but_could_not_be_marked_is_not_done_again_by_failing(
    claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act() -> str:
        monkeypatch.setattr(DynamoDBBackend, "update_item", _refuse)
        return "alerted"

    assert claims.once(claim_of(finding()), act, CONTEXT) == "alerted"


def _refuse(*_: Any, **__: Any) -> None:
    raise RuntimeError("the table is gone")


def test_a_table_that_does_not_answer_is_told_before_anything_is_done() -> None:
    with pytest.raises(StateError, match="DynamoDB table missing did not answer"):
        Claims("missing", DynamoDb(), kind="finding").once(
            claim_of(finding()), lambda: pytest.fail("it was done"), CONTEXT
        )


def test_fifty_deliveries_at_once_act_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one_at_a_time(monkeypatch, "put_item", "update_item", "get_item", "delete_item")
    acted: list[str] = []
    barrier = threading.Barrier(50)

    def act() -> str:
        acted.append("")
        return "alerted"

    def deliver(_: int) -> str | None:
        mine = Claims(CLAIMS, DynamoDb(), kind="finding")
        barrier.wait(timeout=60)
        try:
            return mine.once(claim_of(finding()), act, CONTEXT)
        except StateError:
            return "tried again later"

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(deliver, range(50)))
    assert len(acted) == 1
    assert outcomes.count("alerted") == 1
    assert set(outcomes) <= {"alerted", None, "tried again later"}


def test_a_claim_ends_before_lambda_tries_again() -> None:
    # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: one minute to the first retry.
    from trailbell.infra.parts.detector import TIMEOUT

    assert TIMEOUT.to_seconds() + sum(WAITS_SECONDS) < 60
