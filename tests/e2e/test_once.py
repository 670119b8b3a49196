"""Once per finding, and as the windows say, through the deployed bus, Lambda and DynamoDB."""

import json
import random
import uuid
from collections import Counter

import pytest

from localaws.deployment import Deployment, Subscriber
from tests.e2e.conftest import new_launch, read_event

pytestmark = pytest.mark.e2e

ALERT_SECONDS = 60
SILENCE_SECONDS = 6


def event_ids(subscriber: Subscriber, count: int) -> Counter[str]:
    """Return the event ids of the alerts that arrive: wait for `count`, and a while for more than that."""
    seen: Counter[str] = Counter()
    while notification := subscriber.wait(ALERT_SECONDS if seen.total() < count else SILENCE_SECONDS):
        seen[json.loads(notification["Message"])["event"]["id"]] += 1
    return seen


def test_events_that_are_delivered_three_times_alert_once(deployment: Deployment, subscriber: Subscriber) -> None:
    records = [new_launch() for _ in range(15)]
    deliveries = records * 3
    random.Random(7).shuffle(deliveries)  # noqa: S311 - an order that tests can repeat
    for record in deliveries:
        deployment.put_record(record)
    assert event_ids(subscriber, len(records)) == {record["eventID"]: 1 for record in records}


def test_forty_launches_by_one_user_alert_once(deployment: Deployment, subscriber: Subscriber) -> None:
    records = [new_launch("busy") for _ in range(40)]
    for record in records:
        deployment.put_record(record)
    seen = event_ids(subscriber, 1)
    assert list(seen.values()) == [1]
    assert set(seen) < {record["eventID"] for record in records}


def test_the_fifth_failed_sign_in_from_one_address_alerts_and_the_sixth_does_not(
    deployment: Deployment, subscriber: Subscriber
) -> None:
    records = [read_event("console-login-failed-iam-user", eventID=str(uuid.uuid4())) for _ in range(6)]
    for record in records[:4] * 2:
        deployment.put_record(record)
    assert event_ids(subscriber, 0) == {}
    deployment.put_record(records[4])
    notification = subscriber.wait(ALERT_SECONDS)
    assert notification is not None
    alert = json.loads(notification["Message"])
    assert (alert["rule"]["id"], alert["occurrences"]) == ("console-sign-in-failed", 5)
    assert set(alert["examples"]) == {record["eventID"] for record in records[:5]}
    deployment.put_record(records[5])
    assert event_ids(subscriber, 0) == {}


def test_an_address_is_new_once(deployment: Deployment, subscriber: Subscriber) -> None:
    def delete(address: str) -> str:
        record = read_event(
            "delete-account-password-policy-iam-user", eventID=str(uuid.uuid4()), sourceIPAddress=address
        )
        deployment.put_record(record)
        return str(record["eventID"])

    first = delete("203.0.113.7")
    assert event_ids(subscriber, 1) == {first: 1}
    delete("203.0.113.7")
    other = delete("203.0.113.8")
    assert event_ids(subscriber, 1) == {other: 1}
