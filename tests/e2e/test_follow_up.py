"""Windows as they are deployed: a follow-up when one is over, and a threshold that alerts once it is reached."""

import json
import uuid
from typing import Any

import pytest

from localaws.deployment import Deployment, Subscriber
from tests.e2e.conftest import SHORT_WINDOW_SECONDS, THRESHOLD_COUNT, read_event

pytestmark = pytest.mark.e2e

REPEATS = 7
ARRIVAL_SECONDS = 40


def test_repeats_are_told_once_when_their_window_is_over(deployment: Deployment, subscriber: Subscriber) -> None:
    name = {"eventName": "DeleteServiceSpecificCredential", "eventSource": "iam.amazonaws.com"}
    record = read_event("run-instances-iam-user", **name)
    for number in range(REPEATS + 1):
        changes = {"eventID": str(uuid.uuid4()), "sourceIPAddress": f"192.0.2.{number}"}
        deployment.put_record(record | changes)

    alerts: list[dict[str, Any]] = []
    while notification := subscriber.wait(ARRIVAL_SECONDS if len(alerts) < 2 else SHORT_WINDOW_SECONDS):
        alerts.append(json.loads(notification["Message"]))

    first, follow_up = alerts
    assert first["follow_up"] is None
    assert follow_up["id"] == f"{first['id']}/follow-up"
    assert follow_up["follow_up"]["of"] == first["id"]
    assert follow_up["follow_up"]["repeats"] == REPEATS
    assert len(follow_up["follow_up"]["differed"]["source_ip"]) == REPEATS + 1


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
