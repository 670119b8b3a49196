"""Ten rules in SigmaHQ's style, one for each modifier: nothing of them is lost, and they alert on what they should."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from trailbell.cli.importing.emit import finish
from trailbell.cli.importing.result import Imported
from trailbell.cli.importing.sigma import import_sigma
from trailbell.facts.reader import read_facts
from trailbell.names import Names
from trailbell.pattern import Pattern
from trailbell.rule import Rule
from trailbell.ruleset import RuleSet

FOLDER = Path(__file__).parents[3] / "sigma"
FILES = sorted(path.name for path in FOLDER.iterdir())
Record = dict[str, Any]

POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
SWAPPED = '{"Statement":[{"Resource":"*","Action":"*","Effect":"ALLOW"}]}'
SIGN_IN: Record = {
    "eventSource": "signin.amazonaws.com",
    "eventName": "ConsoleLogin",
    "sourceIPAddress": "203.0.113.9",
    "userIdentity": {"type": "IAMUser", "userName": "alice", "arn": "arn:aws:iam::111122223333:user/alice"},
    "additionalEventData": {"MFAUsed": "No"},
    "responseElements": {"ConsoleLogin": "Success"},
}
ROOT: Record = {"eventName": "CreateUser", "eventType": "AwsApiCall", "userIdentity": {"type": "Root"}}
TRAIL: Record = {"eventSource": "cloudtrail.amazonaws.com", "userIdentity": {"accountId": "111122223333"}}
OWNER = {"accountId": "111122223333", "sessionContext": {"sessionIssuer": {"userName": "Logging-Admin"}}}
INSTANCE = "arn:aws:sts::111122223333:assumed-role/web/i-0abc"


def policy(document: str, **more: Any) -> Record:
    return {
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreatePolicy",
        "requestParameters": {"policyDocument": document},
        **more,
    }


def code(agent: str, name: str = "UpdateFunctionCode20150331v2") -> Record:
    return {"eventSource": "lambda.amazonaws.com", "eventName": name, "userAgent": agent}


def launch(least: int, most: int) -> Record:
    items = [{"minCount": least, "maxCount": most}]
    return {"eventName": "RunInstances", "requestParameters": {"instancesSet": {"items": items}}}


def versioning(status: str) -> Record:
    inside = {"VersioningConfiguration": {"Status": status}}
    return {"eventSource": "s3.amazonaws.com", "eventName": "PutBucketVersioning", "requestParameters": inside}


FIRES: Mapping[str, list[Record]] = {
    "aws_attack_tool_named.yml": [
        {"eventName": "ListUsers", "userAgent": "Boto3/1.34 Pacu/1.5"},
        {"eventName": "CreateUser", "requestParameters": {"tags": [{"key": "CLOUDFOX"}]}},
        {"eventName": "ListRoles", "userIdentity": {"arn": "x/enumerate-all-IAM"}},
    ],
    "aws_bucket_versioning_suspended.yml": [versioning("Suspended"), versioning("SUSPENDED")],
    "aws_console_login_without_mfa.yml": [
        SIGN_IN,
        SIGN_IN | {"eventName": "CONSOLELOGIN", "eventSource": "Signin.AmazonAWS.com"},
        SIGN_IN | {"additionalEventData": {"MFAUsed": "NO"}},
    ],
    "aws_iam_policy_allows_everything.yml": [
        policy(POLICY),
        policy(POLICY.lower()),
        policy(SWAPPED),
        policy(POLICY, eventName="putuserpolicy"),
    ],
    "aws_instance_role_elsewhere.yml": [
        {"eventSource": "iam.amazonaws.com", "eventName": "CreateUser", "userIdentity": {"arn": INSTANCE}},
        {"eventSource": "iam.amazonaws.com", "eventName": "putUSERpolicy", "userIdentity": {"arn": INSTANCE.upper()}},
    ],
    "aws_lambda_code_from_a_script.yml": [
        code("Boto3/1.34.0"),
        code("boto3/1.34.0"),
        code("acme python-requests", "publishlayerversion20181031"),
    ],
    "aws_long_session_or_many_instances.yml": [
        {"eventName": "AssumeRole", "requestParameters": {"durationSeconds": 43200}},
        launch(51, 1000),
    ],
    "aws_many_denied_calls.yml": [{"errorCode": "AccessDenied"}, {"errorCode": "Client.unauthorizedoperation"}],
    "aws_root_acts_by_itself.yml": [ROOT, ROOT | {"userIdentity": {"type": "root"}}],
    "aws_signin_outside_the_offices.yml": [
        SIGN_IN,
        SIGN_IN | {"sourceIPAddress": "2001:db8:11::1"},
        SIGN_IN | {"userIdentity": {"userName": "contractor-bob"}, "sourceIPAddress": "203.0.113.128"},
        SIGN_IN | {"userIdentity": {"userName": "bob"}, "sourceIPAddress": "203.0.113.70"},
    ],
    "aws_trail_changed_by_strangers.yml": [
        TRAIL | {"eventName": "StopLogging"},
        TRAIL | {"eventName": "UpdateTrail", "requestParameters": {"includeGlobalServiceEvents": False}},
        TRAIL | {"eventName": "UpdateTrail", "requestParameters": {"includeGlobalServiceEvents": "False"}},
        TRAIL | {"eventName": "DeleteTrail", "userIdentity": OWNER | {"accountId": "444455556666"}},
        # `cased`: this is another role.
        TRAIL
        | {
            "eventName": "DeleteTrail",
            "userIdentity": {
                "accountId": "111122223333",
                "sessionContext": {"sessionIssuer": {"userName": "logging-admin"}},
            },
        },
    ],
}

SILENT: Mapping[str, list[Record]] = {
    "aws_attack_tool_named.yml": [
        {"eventName": "ListUsers", "userAgent": "Boto3/1.34"},
        {"eventName": "ListUsers", "userAgent": "pacu", "errorCode": "Client.AccessDeniedException"},
        {"eventName": "ListRoles", "userAgent": "iam enumerate"},
    ],
    "aws_bucket_versioning_suspended.yml": [
        versioning("Enabled"),
        versioning("Suspended") | {"eventName": "PutBucketAcl"},
        {"eventSource": "s3.amazonaws.com", "eventName": "PutBucketVersioning", "requestParameters": None},
        {"eventSource": "s3.amazonaws.com", "eventName": "PutBucketVersioning", "userAgent": "suspended"},
    ],
    "aws_console_login_without_mfa.yml": [
        SIGN_IN | {"additionalEventData": {"MFAUsed": "Yes"}},
        SIGN_IN | {"additionalEventData": {}},
        SIGN_IN | {"responseElements": {"ConsoleLogin": "Failure"}},
        SIGN_IN | {"userIdentity": {"arn": "arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin/alice"}},
    ],
    "aws_iam_policy_allows_everything.yml": [
        policy(POLICY.replace("Allow", "Deny")),
        policy(POLICY.replace('"Action":"*"', '"Action":"s3:*"')),
        policy(POLICY, eventName="DeletePolicy"),
    ],
    "aws_instance_role_elsewhere.yml": [
        {"eventSource": "iam.amazonaws.com", "eventName": "CreateRole", "userIdentity": {"arn": INSTANCE}},
        {
            "eventSource": "iam.amazonaws.com",
            "eventName": "CreateUser",
            "userIdentity": {"arn": INSTANCE.replace("/i-", "/")},
        },
    ],
    "aws_lambda_code_from_a_script.yml": [
        code("aws-cli/2"),
        code("acme Boto3/1.34"),
        code("python-requests/2.31"),
        code("Boto3/1.34", "UpdateFunctionConfiguration20150331v2"),
    ],
    "aws_long_session_or_many_instances.yml": [
        {"eventName": "AssumeRole", "requestParameters": {"durationSeconds": 43199}},
        launch(50, 1000),
        launch(51, 1001),
    ],
    "aws_many_denied_calls.yml": [{"errorCode": "NoSuchEntity"}, {"eventName": "AccessDenied"}],
    "aws_root_acts_by_itself.yml": [
        ROOT | {"userIdentity": {"type": "IAMUser"}},
        ROOT | {"userIdentity": {"type": "Root", "invokedBy": "support.amazonaws.com"}},
        ROOT | {"errorCode": "AccessDenied"},
        ROOT | {"eventType": "awsserviceevent"},
    ],
    "aws_signin_outside_the_offices.yml": [
        SIGN_IN | {"sourceIPAddress": "198.51.100.200"},
        SIGN_IN | {"sourceIPAddress": "2001:db8:10:ffff::1"},
        SIGN_IN | {"userIdentity": {"userName": "Contractor-bob"}, "sourceIPAddress": "203.0.113.70"},
        SIGN_IN | {"responseElements": {"ConsoleLogin": "Failure"}},
    ],
    "aws_trail_changed_by_strangers.yml": [
        TRAIL | {"eventName": "StopLogging", "userIdentity": OWNER},
        TRAIL | {"eventName": "StopLogging", "errorCode": "AccessDenied"},
        TRAIL | {"eventName": "describetrails", "requestParameters": {"includeGlobalServiceEvents": False}},
        TRAIL | {"eventName": "UpdateTrail", "requestParameters": {"includeGlobalServiceEvents": True}},
    ],
}


def imported(name: str) -> Imported:
    return import_sigma([(name, (FOLDER / name).read_text(encoding="utf-8"))])


def ruleset(name: str) -> RuleSet:
    found = imported(name)
    finish(found)
    documents = [draft.document for draft in found.drafts]
    return RuleSet.compile(
        Rule(
            id=document["id"],
            title=document["title"],
            severity=document["severity"],
            match=Pattern.parse(document["match"]),
            exceptions=tuple(map(Pattern.parse, document.get("except", ()))),
        )
        for document in documents
    )


def alerts(rules: RuleSet, record: Record) -> bool:
    return bool(rules.match(record, lambda: read_facts(record, Names())))


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_it_is_lost(name: str) -> None:
    found = imported(name)
    finish(found)
    assert found.losses == []
    assert found.drafts


@pytest.mark.parametrize("name", FILES)
def test_it_alerts_on_what_it_is_for_in_any_case(name: str) -> None:
    rules = ruleset(name)
    assert [record for record in FIRES[name] if not alerts(rules, record)] == []


@pytest.mark.parametrize("name", FILES)
def test_it_stays_silent_on_what_it_is_not_for(name: str) -> None:
    rules = ruleset(name)
    assert [record for record in SILENT[name] if alerts(rules, record)] == []


@pytest.mark.parametrize("name", FILES)
def test_it_comes_with_a_test_that_alerts_and_one_that_does_not(name: str) -> None:
    found = imported(name)
    finish(found)
    for draft in found.drafts:
        assert {test["alerts"] for test in draft.document["tests"]} == {True, False}


def test_what_a_sigma_rule_says_of_itself_is_kept() -> None:
    (draft,) = imported("aws_console_login_without_mfa.yml").drafts
    document = draft.document
    assert document["id"] == "sigma-console-login-without-mfa"
    assert (document["title"], document["severity"]) == ("Console sign-in without MFA", "high")
    assert document["tags"] == ["attack.initial-access", "attack.t1078.004"]
    assert document["references"][0].startswith("https://docs.aws.amazon.com/awscloudtrail/")
    for words in (
        "with a password alone.",
        "Known to be harmless: Users of an identity provider",
        "0b1b8c1e-6f0e-4b59-9b1e-2f1f6d3d0a01",
        "Author: Trailbell.",
        "Status: experimental.",
    ):
        assert words in document["description"]


def test_a_correlation_counts_and_its_rule_alone_is_not_told() -> None:
    (draft,) = imported("aws_many_denied_calls.yml").drafts
    assert draft.document["threshold"] == {"count": 20, "by": ["session", "account"], "window": "10m"}
    assert draft.document["title"] == "Many denied calls by one principal"
