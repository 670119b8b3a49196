"""Facts of the event itself, and that the catalogue has them all."""

import json
from datetime import time
from pathlib import Path

import pytest

from tests.unit.alerts import EVENTS
from tests.unit.facts.reading import allow, facts_of, ingress
from trailbell.facts.catalogue import FACTS
from trailbell.facts.reader import read_facts
from trailbell.names import BusinessHours, Names

NINE_TO_FIVE = BusinessHours(timezone="Europe/Berlin", start=time(9), end=time(17))
NIGHT_SHIFT = BusinessHours(timezone="UTC", start=time(22), end=time(6), days=frozenset({4}))


@pytest.mark.parametrize(
    ("hours", "when", "off"),
    [
        (NINE_TO_FIVE, "2026-03-02T08:30:00Z", False),
        (NINE_TO_FIVE, "2026-03-02T07:59:59Z", True),
        (NINE_TO_FIVE, "2026-07-01T07:30:00Z", False),
        (NINE_TO_FIVE, "2026-03-02T16:00:00Z", True),
        (NINE_TO_FIVE, "2026-03-01T10:00:00Z", True),
        (NIGHT_SHIFT, "2026-03-06T23:00:00Z", False),
        (NIGHT_SHIFT, "2026-03-07T05:00:00Z", False),
        (NIGHT_SHIFT, "2026-03-06T05:00:00Z", True),
    ],
)
def test_hours_outside_business_hours(hours: BusinessHours, when: str, off: bool) -> None:  # noqa: FBT001
    assert facts_of(Names(business_hours=hours), eventTime=when)["event"]["off_hours"] is off


@pytest.mark.parametrize(
    ("code", "denied", "plain"),
    [
        ("AccessDenied", True, "AccessDenied"),
        ("AccessDeniedException", True, "AccessDeniedException"),
        ("Client.UnauthorizedOperation", True, "UnauthorizedOperation"),
        ("UnauthorizedAccess", True, "UnauthorizedAccess"),
        ("Client.InvalidInstanceID.NotFound", False, "InvalidInstanceID.NotFound"),
        ("ThrottlingException", False, "ThrottlingException"),
    ],
)
def test_denied_calls_are_told_from_other_failures(code: str, denied: bool, plain: str) -> None:  # noqa: FBT001
    event = facts_of(errorCode=code)["event"]
    assert (event["failed"], event["denied"], event["error_code"]) == (True, denied, plain)


def test_a_message_without_a_code_is_a_failure_too() -> None:
    assert facts_of(errorMessage="Failed authentication")["event"]["failed"] is True


@pytest.mark.parametrize(
    ("recorded", "name"),
    [
        ("UpdateFunctionCode20150331v2", "UpdateFunctionCode"),
        ("CreateFunction20150331", "CreateFunction"),
        ("CreateDistribution2020_05_31", "CreateDistribution"),
        ("RunInstances", "RunInstances"),
    ],
)
def test_event_names_lose_their_version(recorded: str, name: str) -> None:
    assert facts_of(eventName=recorded)["event"]["name"] == name


def test_unexpected_regions_are_told() -> None:
    names = Names(expected_regions=frozenset({"eu-central-1"}))
    assert facts_of(names, awsRegion="ap-south-1")["event"]["expected_region"] is False
    assert "expected_region" not in facts_of(awsRegion="ap-south-1")["event"]


def paths(value: object, prefix: str = "") -> set[str]:
    if isinstance(value, dict):
        return {path for key, item in value.items() for path in paths(item, f"{prefix}.{key}" if prefix else str(key))}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {path for item in value for path in paths(item, prefix)}
    return {prefix}


def test_every_fact_that_is_worked_out_is_in_the_catalogue() -> None:
    records = [
        ingress(ipProtocol="tcp", fromPort=22, toPort=22, ipRanges={"items": [{"cidrIp": "0.0.0.0/0"}]}),
        {"eventName": "PutBucketPolicy", "requestParameters": {"bucketName": "b", "bucketPolicy": {
            "Statement": [allow(Principal="*")]}}, "userIdentity": {"type": "Root"}, "sourceIPAddress": "10.0.0.1"},
    ]  # fmt: skip
    seen = {path for record in records for path in paths(facts_of(**record))}
    assert len(seen) > 20
    assert seen - set(FACTS) == set()


def test_a_policy_in_a_text_is_written_out_with_plain_quotes() -> None:
    facts = facts_of(requestParameters={"policyDocument": '{"Action":"s3:GetObject"}'})
    assert '"Action":"s3:GetObject"' in facts["text"]["request_parameters"]


def test_objects_are_written_out_as_compact_json() -> None:
    facts = facts_of(requestParameters={"VersioningConfiguration": {"Status": "Suspended"}}, responseElements=None)
    assert facts["text"] == {
        "record": '{"recipientAccountId":"111122223333","requestParameters":{"VersioningConfiguration":'
        '{"Status":"Suspended"}},"responseElements":null}',
        "request_parameters": '{"VersioningConfiguration":{"Status":"Suspended"}}',
    }


@pytest.mark.parametrize("file", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_each_group_of_facts_is_the_same_alone_as_among_all(file: Path) -> None:
    record = json.loads(file.read_text(encoding="utf-8"))
    everything = read_facts(record, Names())
    alone = [read_facts(record, Names(), {group}) for group in {name.partition(".")[0] for name in FACTS}]
    assert {group: told for facts in alone for group, told in facts.items()} == everything
    assert all(len(facts) <= 1 for facts in alone)
