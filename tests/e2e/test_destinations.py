"""Every destination that has a notifier: one alert arrives there once, with what it tells, and leaves no dead letter."""

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest

from localaws.deployment import Deployment
from localaws.stand_ins.receivers import Reply
from tests.e2e.conftest import ACCOUNT, REGION, StandIns, new_launch

pytestmark = pytest.mark.e2e

ARRIVAL_SECONDS = 60
SILENCE_SECONDS = 6
DESTINATIONS = ("Slack", "Topics", "Webhook", "Teams", "PagerDuty", "SecurityHub")


def findings(deployment: Deployment, event_id: str) -> list[Mapping[str, Any]]:
    """Wait for findings of an event, and return them."""
    hub = deployment.aws.client("securityhub")
    end = time.monotonic() + ARRIVAL_SECONDS
    found: list[Mapping[str, Any]] = []
    while not found and time.monotonic() < end:
        time.sleep(0.5)
        every = hub.get_findings()["Findings"]
        found = [each for each in every if each["ProductFields"].get("trailbell/eventId") == event_id]
    return found


def test_an_alert_arrives_once_at_every_destination(deployment: Deployment, stand_ins: StandIns) -> None:
    record = new_launch()
    user = record["userIdentity"]["userName"]
    event_id, arn = record["eventID"], record["userIdentity"]["arn"]
    deployment.put_record(record)

    def is_of_it(message: Mapping[str, Any]) -> bool:
        return event_id in json.dumps(message)

    for stand_in in stand_ins.all:
        stand_in.wait_for(is_of_it, ARRIVAL_SECONDS)
    findings(deployment, event_id)
    # A second one would come by now.
    time.sleep(SILENCE_SECONDS)

    (document,) = stand_ins.webhook.wait_for(is_of_it, 0)
    assert (document["rule"]["id"], document["severity"], document["test"]) == ("ec2-instance-launched", "medium", True)
    assert (document["event"]["id"], document["principal"]["arn"]) == (event_id, arn)

    (message,) = stand_ins.teams.wait_for(is_of_it, 0)
    assert [word for word in ("instance", user, ACCOUNT) if word not in json.dumps(message)] == []

    (incident,) = stand_ins.pagerduty.wait_for(is_of_it, 0)
    assert (incident["event_action"], incident["dedup_key"]) == ("trigger", document["id"])
    assert (incident["payload"]["class"], incident["payload"]["severity"]) == ("ec2-instance-launched", "warning")
    assert user in incident["payload"]["summary"]

    (finding,) = findings(deployment, event_id)
    assert finding["Id"] == document["id"]
    assert finding["GeneratorId"] == "trailbell/ec2-instance-launched"
    assert finding["ProductArn"] == f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
    assert (finding["Severity"], finding["AwsAccountId"]) == ({"Label": "MEDIUM"}, ACCOUNT)
    assert finding["ProductFields"]["trailbell/principal"] == arn
    assert "i-0123456789abcdef0" in json.dumps(finding["Resources"])

    assert all(stand_in.refused == [] for stand_in in stand_ins.all)
    assert_no_dead_letters(deployment)


def test_what_a_destination_does_not_take_at_first_arrives_later_and_once(
    deployment: Deployment, stand_ins: StandIns
) -> None:
    busy = [Reply(status=HTTPStatus.TOO_MANY_REQUESTS), Reply(status=HTTPStatus.SERVICE_UNAVAILABLE)]
    before = [len(stand_in.refused) for stand_in in stand_ins.all]
    for stand_in in stand_ins.all:
        stand_in.answer_next.extend(busy)
    record = new_launch()
    deployment.put_record(record)

    def is_of_it(message: Mapping[str, Any]) -> bool:
        return record["eventID"] in json.dumps(message)

    for stand_in in stand_ins.all:
        stand_in.wait_for(is_of_it, ARRIVAL_SECONDS)
    time.sleep(SILENCE_SECONDS)
    assert [len(stand_in.wait_for(is_of_it, 0)) for stand_in in stand_ins.all] == [1, 1, 1]
    refused = [stand_in.refused[start:] for stand_in, start in zip(stand_ins.all, before, strict=True)]
    assert refused == [busy] * len(stand_ins.all)
    assert_no_dead_letters(deployment)


def assert_no_dead_letters(deployment: Deployment) -> None:
    letters = deployment.dead_letters()
    assert {name: letters[name] for name in DESTINATIONS} == dict.fromkeys(DESTINATIONS, 0)
