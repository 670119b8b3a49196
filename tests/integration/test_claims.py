"""Once per finding, over moto's DynamoDB and the whole detector: repeats, concurrency, crashes at every step."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from aws_lambda_powertools import Metrics
from moto.dynamodb.models import DynamoDBBackend

from detector.dynamodb_store import DynamoDbStore
from detector.handler import Detector, claim_of
from state.claims import WAITS_SECONDS, Claims
from state.dynamodb import DynamoDb
from tests.unit.findings import Bench, make_rule
from trailbell.alert import Alert
from trailbell.config import Config
from trailbell.errors import DeliveryError, StateError
from trailbell.finding import Finding
from trailbell.memory_store import MemoryStore
from trailbell.pipeline import Pipeline
from trailbell.rules import Dedupe, FirstSeen, Threshold

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

TABLE = "claims"


class Process:
    """An invocation's context, as far as Powertools asks."""

    def __init__(self, left_seconds: float) -> None:
        self._left_seconds = left_seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._left_seconds * 1000)


class Killed(BaseException):
    """The end of a process: no `except Exception` sees it, so nothing is cleaned up."""


def left(seconds: float) -> "LambdaContext":
    """Return the context of an invocation with so much time left: the claims of one that crashed end then."""
    return cast("LambdaContext", Process(seconds))


CONTEXT = left(30)


@pytest.fixture(autouse=True)
def tables() -> None:
    database = boto3.resource("dynamodb")
    for name, keys in ((TABLE, ["id"]), ("windows", ["id", "entry"])):
        database.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[{"AttributeName": key, "KeyType": "RANGE" if key == "entry" else "HASH"} for key in keys],
        )


@pytest.fixture
def claims() -> Claims:
    return Claims(TABLE, DynamoDb(), kind="finding", sleep=lambda _: None)


def finding(event_id: str = "1", rule_id: str = "test-rule", *, test: bool = False) -> Finding:
    return Bench(MemoryStore(), make_rule(id=rule_id)).finding(event_id=event_id, test=test)


def items() -> list[dict[str, Any]]:
    return boto3.resource("dynamodb").Table(TABLE).scan()["Items"]


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
    assert len(items()) == 4


def test_a_claim_is_kept_longer_than_a_dead_letter(claims: Claims) -> None:
    claims.once(claim_of(finding()), lambda: "alerted", CONTEXT)
    (item,) = items()
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
    other = Claims(TABLE, DynamoDb(), kind="finding", sleep=waits.append)

    def act() -> str:
        with pytest.raises(StateError, match="1/test-rule is being worked on by another attempt"):
            results.append(other.once(claim_of(finding()), lambda: "twice", CONTEXT))
        return "alerted"

    assert claims.once(claim_of(finding()), act, CONTEXT) == "alerted"
    assert results == []
    assert waits == [0.1, 0.3, 0.9]
    assert other.once(claim_of(finding()), lambda: "twice", CONTEXT) is None


def test_a_crash_leaves_a_claim_that_ends_with_the_invocation(claims: Claims) -> None:
    def die() -> str:
        raise Killed

    with pytest.raises(Killed):
        claims.once(claim_of(finding()), die, left(2))
    with pytest.raises(StateError):
        claims.once(claim_of(finding()), lambda: "too early", CONTEXT)
    time.sleep(2.05)
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
    lock = threading.RLock()
    for name in ("put_item", "update_item", "get_item", "delete_item"):
        original = getattr(DynamoDBBackend, name)

        def locked(*args: Any, original: Callable[..., Any] = original, **kwargs: Any) -> Any:
            with lock:  # DynamoDB serialises the writes to one item, moto does not
                return original(*args, **kwargs)

        monkeypatch.setattr(DynamoDBBackend, name, locked)
    acted: list[str] = []
    barrier = threading.Barrier(50)

    def act() -> str:
        acted.append("")
        return "alerted"

    def deliver(_: int) -> str | None:
        mine = Claims(TABLE, DynamoDb(), kind="finding")
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


RULES = {
    "plain": {},
    "dedupe": {"dedupe": Dedupe(by=("principal",), window_seconds=900)},
    "threshold": {"threshold": Threshold(count=2, by=("principal",), window_seconds=900)},
    "first_seen": {"first_seen": FirstSeen(by=("principal",), window_seconds=900)},
}
STEPS = {
    "before the claim": ("claim", "before", 1),
    "after the claim": ("claim", "after", 1),
    "after the window": ("judge", "after", 1),
    "before the timer": ("timer", "before", 1),
    "after the timer": ("timer", "after", 1),
    "before publishing": ("publish", "before", 1),
    "after publishing": ("publish", "after", 2),
    "after completing": ("complete", "after", 1),
}
"""Where the process dies -> how often the alert arrives. Only between publishing and completing is it twice."""
STEPS_WITHOUT = {
    "plain": ("after the window", "before the timer", "after the timer"),
    "first_seen": ("before the timer", "after the timer"),
}
"""Rules without a window that ends have no such step."""


@pytest.mark.parametrize(
    ("rule", "step"),
    [(rule, step) for rule in RULES for step in STEPS if step not in STEPS_WITHOUT.get(rule, ())],
)
def test_a_detector_killed_at_any_step_alerts_after_the_retry(
    rule: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, when, expected = STEPS[step]
    published: list[str] = []
    detector, dynamodb = make_detector(published, rule)
    if rule == "threshold":
        detector.handle(event("before"), CONTEXT)  # one below the threshold
    targets: dict[str, tuple[Any, str]] = {
        "claim": (dynamodb.client, "put_item"),
        "judge": (detector._live(lambda _: None).store, "see" if rule == "first_seen" else "open"),
        "timer": (detector, "_start_timer"),
        "publish": (detector, "_publish"),
        "complete": (detector._once.__self__._table, "save_success"),  # type: ignore[attr-defined]
    }
    owner, name = targets[place]
    original = getattr(owner, name)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, _dying(original, when))
        with pytest.raises(Killed):
            detector.handle(event("1"), left(0.1))
    time.sleep(0.15)  # Lambda waits for a minute, the claim ends before
    detector.handle(event("1"), CONTEXT)
    detector.handle(event("1"), CONTEXT)
    assert published == ["1"] * expected


def _dying(original: Callable[..., Any], when: str) -> Callable[..., Any]:
    def die(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            original(*args, **kwargs)
        raise Killed

    return die


def make_detector(published: list[str], rule: str) -> tuple[Detector, DynamoDb]:
    def publish(alert: Alert) -> None:
        published.append(alert.event.id)

    dynamodb = DynamoDb()
    config = Config(version="test", rules=(make_rule(**RULES[rule]),))  # type: ignore[arg-type]
    pipeline = Pipeline.from_config(config, store=DynamoDbStore("windows", dynamodb), clock=lambda: datetime.now(UTC))
    metrics = Metrics(namespace="Trailbell", service="detector")
    once = Claims(TABLE, dynamodb, kind="finding", sleep=lambda _: None).once
    detector = Detector(
        live=lambda _: pipeline,
        once=once,
        start_timer=lambda _: None,
        publish=publish,
        beat=lambda _: None,
        metrics=metrics,
    )
    return detector, dynamodb


def event(event_id: str) -> dict[str, Any]:
    detail = {
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice", "accountId": "111122223333",
                         "userName": "alice", "principalId": "AIDAEXAMPLE"},
        "eventTime": "2026-11-20T10:00:00Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "RunInstances",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": {},
        "responseElements": {},
        "requestID": "8f2a7f4e-6f6a-4a2f-9f5e-2f9b1c3d4e5f",
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsApiCall",
        "eventCategory": "Management",
        "managementEvent": True,
        "recipientAccountId": "111122223333",
    }  # fmt: skip
    return {"source": "aws.ec2", "detail-type": "AWS API Call via CloudTrail", "detail": detail}


def test_a_claim_ends_before_lambda_tries_again() -> None:
    # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: one minute to the first retry.
    from infra.detector import TIMEOUT

    assert TIMEOUT.to_seconds() + sum(WAITS_SECONDS) < 60
