"""Windows as they are deployed: a follow-up when one is over, and a threshold that alerts once it is reached."""

import json
import time
import uuid
from typing import Any

import pytest

from localaws.deployment import Deployment, Subscriber
from tests.e2e.conftest import LONG_WINDOW_HOURS, SHORT_WINDOW_SECONDS, THRESHOLD_COUNT, read_event

pytestmark = pytest.mark.e2e

REPEATS = 7
ARRIVAL_SECONDS = 40
QUIET_SECONDS = 3


def test_repeats_are_told_once_when_their_window_is_over(deployment: Deployment, subscriber: Subscriber) -> None:
    name = {"eventName": "DeleteServiceSpecificCredential", "eventSource": "iam.amazonaws.com"}
    record = read_event("run-instances-iam-user", **name)
    for number in range(REPEATS + 1):
        changes = {"eventID": str(uuid.uuid4()), "sourceIPAddress": f"192.0.2.{number}"}
        deployment.put_record(record | changes)

    first = arriving(subscriber)
    assert first["follow_up"] is None
    await_repeats(deployment, "short-window", REPEATS)
    await_end(deployment, "short-window")
    for _ in range(2):
        deployment.sweep()

    follow_up = arriving(subscriber)
    assert follow_up["id"] == f"{first['id']}/follow-up"
    assert follow_up["follow_up"]["of"] == first["id"]
    assert follow_up["follow_up"]["repeats"] == REPEATS
    assert subscriber.wait(QUIET_SECONDS) is None
    assert len(follow_up["follow_up"]["differed"]["source_ip"]) == REPEATS + 1


def test_a_window_of_twelve_hours_is_followed_up_when_they_are_over(
    deployment: Deployment, subscriber: Subscriber
) -> None:
    record = read_event("run-instances-iam-user", eventName="DeleteGroup", eventSource="iam.amazonaws.com")
    for _ in range(REPEATS + 1):
        deployment.put_record(record | {"eventID": str(uuid.uuid4())})
    first = arriving(subscriber)
    await_repeats(deployment, "long-window", REPEATS)
    deployment.sweep()
    assert subscriber.wait(QUIET_SECONDS) is None

    let_it_be_over(deployment, "long-window", LONG_WINDOW_HOURS * 3_600)
    deployment.sweep()
    follow_up = arriving(subscriber)
    assert (follow_up["follow_up"]["of"], follow_up["follow_up"]["repeats"]) == (first["id"], REPEATS)


def arriving(subscriber: Subscriber) -> dict[str, Any]:
    """Return the alert that comes next."""
    notification = subscriber.wait(ARRIVAL_SECONDS)
    assert notification is not None
    alert: dict[str, Any] = json.loads(notification["Message"])
    return alert


def entries(deployment: Deployment, rule: str) -> dict[str, dict[str, Any]]:
    """Return what the windows table holds of a rule with one window, by the kind of entry."""
    client = deployment.aws.client("dynamodb")
    found = client.scan(TableName=deployment.outputs["WindowsTableName"])["Items"]
    return {item["entry"]["S"].partition("#")[0]: item for item in found if f"#{rule}#" in item["id"]["S"]}


def await_repeats(deployment: Deployment, rule: str, count: int) -> None:
    """Wait until a rule's window has counted so many repeats."""
    end = time.monotonic() + ARRIVAL_SECONDS
    while int(entries(deployment, rule)["window"]["repeats"]["N"]) < count:
        assert time.monotonic() < end
        time.sleep(0.2)


def await_end(deployment: Deployment, rule: str) -> None:
    """Wait until a rule's window is over."""
    time.sleep(max(0, int(entries(deployment, rule)["window"]["ends_at"]["N"]) / 1000 - time.time()))


def let_it_be_over(deployment: Deployment, rule: str, seconds: int) -> None:
    """Let so many seconds have passed for a rule's window: write into the table what it would hold then."""
    found, now_ms = entries(deployment, rule), round(time.time() * 1000)
    for entry, time_of in (("window", "ends_at"), ("due", "due_at")):
        ends_ms = int(found[entry][time_of]["N"])
        assert ends_ms == pytest.approx(now_ms + seconds * 1000, abs=120_000)
        deployment.aws.client("dynamodb").update_item(
            TableName=deployment.outputs["WindowsTableName"],
            Key={name: found[entry][name] for name in ("id", "entry")},
            UpdateExpression=f"SET {time_of} = :over",
            ExpressionAttributeValues={":over": {"N": str(ends_ms - seconds * 1000)}},
        )
    time.sleep(max(0, (ends_ms - seconds * 1000) / 1000 - time.time()))


def test_a_threshold_alerts_once_it_is_reached(deployment: Deployment, subscriber: Subscriber) -> None:
    name = {"eventName": "DeleteSigningCertificate", "eventSource": "iam.amazonaws.com"}
    record = read_event("run-instances-iam-user", **name)
    for _ in range(THRESHOLD_COUNT - 1):
        deployment.put_record(record | {"eventID": str(uuid.uuid4())})
    assert subscriber.wait(SHORT_WINDOW_SECONDS) is None

    for _ in range(2):
        deployment.put_record(record | {"eventID": str(uuid.uuid4())})

    notification = subscriber.wait(ARRIVAL_SECONDS)
    assert notification is not None
    alert = json.loads(notification["Message"])
    assert (alert["rule"]["id"], alert["occurrences"]) == ("many-signing-certificates", THRESHOLD_COUNT)
    assert len(alert["examples"]) == THRESHOLD_COUNT
    assert subscriber.wait(SHORT_WINDOW_SECONDS) is None
