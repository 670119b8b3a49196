"""PagerDuty events, Teams cards and Security Hub findings: within their limits, and inert whatever a record holds."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from tests.alerts import RUN_INSTANCES, alert, event, thousand_instances
from tests.contract.hostile import STRINGS, places, strings_of
from tests.contract.test_hostile_text import is_shown
from trailbell.alert import Alert
from trailbell.formats import adaptive_card as teams
from trailbell.formats import asff as security_hub
from trailbell.formats import pagerduty
from trailbell.formats.document import links

PLACES = places()
OWN_URLS = set(links(RUN_INSTANCES).values())
ROUTING_KEY = "0" * 32
every_string = pytest.mark.parametrize("hostile", STRINGS, ids=[ascii(item)[:30] for item in STRINGS])


def finding(item: Alert) -> dict[str, Any]:
    return security_hub.finding(item, account_id="111122223333", region="eu-west-1")


def elements(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every typed element of a card."""
    if isinstance(value, dict):
        if "type" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from elements(item)


@cache
def finding_shape() -> Any:
    """Return botocore's own description of a finding."""
    model: Any = botocore.session.get_session().get_service_model("securityhub")
    return model.operation_model("BatchImportFindings").input_shape.members["Findings"].member


def problems_of_finding(found: dict[str, Any]) -> list[str]:
    """Return what Security Hub would refuse; the limits are those of its API reference."""
    report = ParamValidator().validate(found, finding_shape())
    problems = [report.generate_report()] if report.has_errors() else []
    if not 1 <= len(found["Title"]) <= 256:
        problems.append("title")
    if not 1 <= len(found["Description"]) <= 1024:
        problems.append("description")
    if not 1 <= len(found["Resources"]) <= 32:
        problems.append("resources")
    if len(found["ProductFields"]) > 50:
        problems.append("product fields")
    problems += [
        name for name, value in found["ProductFields"].items() if len(name) > 128 or not 1 <= len(value) <= 2048
    ]
    if len(json.dumps(found).encode()) > 240_000:
        problems.append("size")
    return problems


@every_string
def test_a_teams_card_reads_nothing_into_it(hostile: str) -> None:
    for place, put in PLACES.items():
        message = teams.message(put(hostile))
        found = list(elements(message["attachments"][0]["content"]))
        # Teams reads Markdown in TextBlocks and FactSets; there are none.
        assert {item["type"] for item in found} <= {
            "AdaptiveCard",
            "Container",
            "RichTextBlock",
            "TextRun",
            "Action.OpenUrl",
        }
        urls = {item["url"] for item in found if item["type"] == "Action.OpenUrl"}
        assert urls <= OWN_URLS, place
        assert len(json.dumps(message).encode()) <= teams.MAX_MESSAGE_BYTES, place
        assert all(is_shown(item["text"]) for item in found if item["type"] == "TextRun"), place


@every_string
def test_pagerduty_takes_it(hostile: str) -> None:
    for place, put in PLACES.items():
        body = pagerduty.event(put(hostile), ROUTING_KEY)
        assert 1 <= len(body["payload"]["summary"]) <= 1024, place
        assert 1 <= len(body["dedup_key"]) <= 255, place
        assert body["payload"]["source"], place
        assert {link["href"] for link in body["links"]} <= OWN_URLS, place
        assert len(json.dumps(body).encode()) <= 512_000, place
        assert all(is_shown(line) for item in strings_of(body) for line in item.split("\n")), place


@every_string
def test_security_hub_takes_it(hostile: str) -> None:
    for place, put in PLACES.items():
        found = finding(put(hostile))
        assert problems_of_finding(found) == [], place
        assert all(is_shown(line) for item in strings_of(found) for line in item.split("\n")), place


@pytest.mark.parametrize(
    ("severity", "at_pagerduty", "at_security_hub"),
    [
        ("critical", "critical", "CRITICAL"),
        ("high", "error", "HIGH"),
        ("medium", "warning", "MEDIUM"),
        ("low", "info", "LOW"),
        ("info", "info", "INFORMATIONAL"),
    ],
)
def test_a_severity_is_told_in_each_ones_words(severity: Any, at_pagerduty: str, at_security_hub: str) -> None:
    item = replace(RUN_INSTANCES, severity=severity)
    assert pagerduty.event(item, ROUTING_KEY)["payload"]["severity"] == at_pagerduty
    assert finding(item)["Severity"] == {"Label": at_security_hub}


def test_one_alert_sent_twice_is_one_incident_and_one_finding() -> None:
    later = replace(RUN_INSTANCES, repeats=7)
    keys = {pagerduty.event(item, ROUTING_KEY)["dedup_key"] for item in (RUN_INSTANCES, later)}
    assert keys == {RUN_INSTANCES.id}
    assert {finding(item)["Id"] for item in (RUN_INSTANCES, later)} == {RUN_INSTANCES.id}


def test_a_finding_names_resources_as_security_hub_does() -> None:
    found = finding(RUN_INSTANCES)
    assert [item["Type"] for item in found["Resources"]] == [
        "AwsEc2Instance", "AwsEc2NetworkInterface", "Other", "Other", "AwsEc2SecurityGroup", "AwsEc2Subnet", "AwsEc2Vpc",
    ]  # fmt: skip
    assert found["Resources"][0]["Id"] == "i-0123456789abcdef0"
    assert found["Resources"][0]["Region"] == "us-east-2"


def test_security_hub_knows_every_type_that_is_named() -> None:
    details = finding_shape().members["Resources"].member.members["Details"].members
    assert set(security_hub.RESOURCE_TYPES.values()) == {name for name in details if name.startswith("Aws")}


def test_a_finding_without_resource_is_about_the_account() -> None:
    found = finding(alert(resources=()))
    assert found["Resources"] == [
        {"Type": "AwsAccount", "Id": "AWS::::Account:629470242021", "Partition": "aws", "Region": "us-east-2"}
    ]


def test_a_finding_is_sent_in_the_name_of_the_account_that_sends_it() -> None:
    found = finding(alert(event=event(account_id="444455556666")))
    assert found["AwsAccountId"] == "111122223333"
    assert found["ProductArn"] == "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default"
    assert found["ProductFields"]["trailbell/account"] == "444455556666"


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("203.0.113.7", {"CallerType": "remoteIp", "RemoteIpDetails": {"IpAddressV4": "203.0.113.7"}}),
        ("ec2.amazonaws.com", {"CallerType": "domain", "DomainDetails": {"Domain": "ec2.amazonaws.com"}}),
        ("2001:db8::7", {}),
        (None, {}),
    ],
)
def test_a_finding_tells_where_the_call_came_from(address: str | None, caller: dict[str, Any]) -> None:
    item = replace(RUN_INSTANCES, origin=replace(RUN_INSTANCES.origin, address=address))
    call = finding(item)["Action"]["AwsApiCallAction"]
    assert {name: call[name] for name in ("CallerType", "RemoteIpDetails", "DomainDetails") if name in call} == caller


def test_a_thousand_resources_stay_within_every_limit() -> None:
    item = thousand_instances()
    assert len(json.dumps(teams.message(item)).encode()) <= teams.MAX_MESSAGE_BYTES
    assert problems_of_finding(finding(item)) == []
    assert len(json.dumps(pagerduty.event(item, ROUTING_KEY)).encode()) < 512_000


def test_a_test_says_so_everywhere() -> None:
    item = replace(RUN_INSTANCES, test=True)
    assert "TEST" in pagerduty.event(item, ROUTING_KEY)["payload"]["summary"]
    assert "TEST" in teams.message(item)["attachments"][0]["content"]["fallbackText"]
    assert finding(item)["Title"].startswith("TEST")
