"""On which ARNs a request is judged: those that the Service Authorization Reference asks for."""

import json
from typing import Any

import pytest
from ministack.services import appconfig, kms

from localaws.strict.iam import calls
from tests.unit.localaws.judging.world import ACCOUNT, REGION

APPCONFIG = f"arn:aws:appconfig:{REGION}:{ACCOUNT}"
EVENTS = f"arn:aws:events:{REGION}:{ACCOUNT}"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/one"
DYNAMODB = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/windows"


def judged(service: str, request: str, body: dict[str, Any] | None = None, target: str = "") -> list[str]:
    """Return the ARNs of a request, written as its method and path."""
    method, path = request.split(" ")
    headers = {"x-amz-target": target} if target else {}
    calls.extract_arn(service, method, path, headers, json.dumps(body or {}).encode(), {}, REGION, ACCOUNT)
    return sorted(calls._arns.get()[1])


@pytest.mark.parametrize(
    ("request_", "body", "expected"),
    [
        ("GET /applications/a/environments/e/deployments", {}, ["application/a", "application/a/environment/e"]),
        (
            "POST /applications/a/environments/e/deployments",
            {"ConfigurationProfileId": "p", "DeploymentStrategyId": "s"},
            [
                "application/a",
                "application/a/configurationprofile/p",
                "application/a/environment/e",
                "deploymentstrategy/s",
            ],
        ),
        (
            "DELETE /applications/a/environments/e/deployments/7",
            {},
            ["application/a", "application/a/environment/e", "application/a/environment/e/deployment/7"],
        ),
        (
            "GET /applications/a/configurationprofiles/p/hostedconfigurationversions/3",
            {},
            [
                "application/a",
                "application/a/configurationprofile/p",
                "application/a/configurationprofile/p/hostedconfigurationversion/3",
            ],
        ),
    ],
)
def test_each_required_resource_of_appconfig_is_judged(
    request_: str, body: dict[str, Any], expected: list[str]
) -> None:
    assert judged("appconfig", request_, body) == [f"{APPCONFIG}:{end}" for end in expected]


def test_a_configuration_is_judged_by_its_ids_whatever_the_session_calls_it() -> None:
    appconfig._applications["a1"] = {"Id": "a1", "Name": "Trailbell"}
    appconfig._environments["a1/e1"] = {"Id": "e1", "Name": "live", "ApplicationId": "a1"}
    appconfig._config_profiles["a1/p1"] = {"Id": "p1", "Name": "rules"}
    named = {
        "ApplicationIdentifier": "Trailbell",
        "EnvironmentIdentifier": "live",
        "ConfigurationProfileIdentifier": "p1",
    }
    expected = [f"{APPCONFIG}:application/a1/environment/e1/configuration/p1"]
    assert judged("appconfig", "POST /configurationsessions", named) == expected
    appconfig._sessions["token"] = named
    calls.extract_arn(
        "appconfig", "GET", "/configuration", {}, b"", {"configuration_token": ["token"]}, REGION, ACCOUNT
    )
    assert calls._arns.get()[1] == expected


def test_an_alias_stands_for_its_key() -> None:
    key = json.loads(kms._create_key({})[2])["KeyMetadata"]
    kms._create_alias({"AliasName": "alias/own", "TargetKeyId": key["KeyId"]})
    assert judged("kms", "POST /", {"KeyId": "alias/own"}, "TrentService.Decrypt") == [key["Arn"]]


def test_an_action_without_resources_needs_all() -> None:
    assert judged("appconfig", "GET /applications") == ["*"]


def test_a_rule_of_the_default_bus_has_no_bus_in_its_arn() -> None:
    assert judged("events", "POST /", {"Name": "one"}, "AWSEvents.PutRule") == [f"{EVENTS}:rule/one"]
    assert judged("events", "POST /", {"Name": "one", "EventBusName": "default"}, "AWSEvents.PutRule") == [
        f"{EVENTS}:rule/one"
    ]


def test_a_rule_of_another_bus_has_it() -> None:
    assert judged("events", "POST /", {"Rule": "one", "EventBusName": "mine"}, "AWSEvents.PutTargets") == [
        f"{EVENTS}:rule/mine/one"
    ]


def test_events_are_put_on_a_bus() -> None:
    assert judged("events", "POST /", {"Entries": [{"EventBusName": "mine"}]}, "AWSEvents.PutEvents") == [
        f"{EVENTS}:event-bus/mine"
    ]


def test_log_events_are_put_into_a_stream() -> None:
    body = {"logGroupName": "/aws/lambda/one", "logStreamName": "2026"}
    assert judged("logs", "POST /", body, "Logs_20140328.PutLogEvents") == [f"{LOGS}:log-stream:2026"]


def test_a_query_of_an_index_needs_the_index_alone() -> None:
    body = {"TableName": "windows", "IndexName": "by-end"}
    assert judged("dynamodb", "POST /", body, "DynamoDB_20120810.Query") == [f"{DYNAMODB}/index/by-end"]
    assert judged("dynamodb", "POST /", {"TableName": "windows"}, "DynamoDB_20120810.Query") == [DYNAMODB]


def test_a_schedule_is_in_the_default_group_where_none_is_named() -> None:
    assert judged("scheduler", "GET /schedules/one") == [f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/one"]


def test_findings_are_imported_for_a_product() -> None:
    product = f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
    assert judged("securityhub", "POST /findings/import", {"Findings": [{"ProductArn": product}]}) == [product]
