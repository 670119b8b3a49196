"""A detector that dies: at every step the alert is published after the retry, twice only where it was published already."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.processes import Killed, dying
from tests.integration.tables import CLAIMS, WINDOWS, items, make_tables
from tests.unit.findings import make_rule
from tests.unit.invocation import left
from trailbell.alert import Alert
from trailbell.config.model import Config
from trailbell.functions.detector.detector import Detector
from trailbell.functions.detector.meter import Meter
from trailbell.pipeline import Pipeline
from trailbell.rule import Dedupe, FirstSeen, Threshold
from trailbell.sources import eventbridge
from trailbell.tables.claims import Claims
from trailbell.tables.due import DueItems
from trailbell.tables.dynamodb import DynamoDb
from trailbell.tables.follow_ups import FollowUps
from trailbell.tables.windows import DynamoDbStore

CONTEXT = left(30)
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
    "before remembering": ("remember", "before", 1),
    "after remembering": ("remember", "after", 1),
    "before publishing": ("publish", "before", 1),
    "after publishing": ("publish", "after", 2),
    "after completing": ("complete", "after", 1),
}
"""Where the process dies -> how often the alert arrives. Only between publishing and completing is it twice."""
WITH_FOLLOW_UP = {"dedupe", "threshold"}
STEPS_WITHOUT = {
    "plain": ("after the window", "before remembering", "after remembering"),
    "first_seen": ("before remembering", "after remembering"),
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
    make_tables(CLAIMS, WINDOWS)
    published: list[str] = []
    detector, dynamodb = make_detector(published, rule)
    if rule == "threshold":
        detector.handle(event("before"), CONTEXT)  # one below the threshold
    targets: dict[str, tuple[Any, str]] = {
        "claim": (dynamodb.client, "put_item"),
        "judge": (detector._live(lambda _: None).store, "see" if rule == "first_seen" else "open"),
        "remember": (detector, "_remember"),
        "publish": (detector, "_publish"),
        "complete": (detector._once.__self__._table, "save_success"),  # type: ignore[attr-defined]
    }
    owner, name = targets[place]
    original = getattr(owner, name)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dying(original, when))
        with pytest.raises(Killed):
            detector.handle(event("1"), left(0.1))
    time.sleep(0.15)  # Lambda waits for a minute, the claim ends before
    detector.handle(event("1"), CONTEXT)
    detector.handle(event("1"), CONTEXT)
    assert published == ["1"] * expected
    assert len(pending()) == (1 if rule in WITH_FOLLOW_UP else 0)


def pending() -> list[dict[str, Any]]:
    """Return what the window closer will find."""
    return [item for item in items(WINDOWS) if "due_at" in item]


def make_detector(published: list[str], rule: str) -> tuple[Detector, DynamoDb]:
    def publish(alert: Alert) -> None:
        published.append(alert.event.id)

    dynamodb = DynamoDb()
    config = Config(version="test", rules=(make_rule(**RULES[rule]),))  # type: ignore[arg-type]
    pipeline = Pipeline.from_config(config, store=DynamoDbStore(WINDOWS, dynamodb), clock=lambda: datetime.now(UTC))
    once = Claims(CLAIMS, dynamodb, kind="finding", sleep=lambda _: None).once
    detector = Detector(
        receive=eventbridge.receive,
        live=lambda _: pipeline,
        once=once,
        remember=FollowUps(DueItems(WINDOWS, dynamodb, now_seconds=time.time)).remember,
        publish=publish,
        beat=lambda _: None,
        meter=Meter(namespace="Trailbell", service="detector", now_seconds=time.time),
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
