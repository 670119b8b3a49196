"""Once per finding, and once per window, through the deployed bus, Lambda and DynamoDB."""

import json
import random
from collections import Counter

import pytest

from localaws.deployment import Deployment, Subscriber
from tests.e2e.conftest import new_launch

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
