"""Seventy kinds of secret in seventy places: none leaves. Ids and everything that people need stay."""

import copy
import json
import re
from typing import Any

import botocore.session
import pytest

from tests.unit.alerts import alert_of
from tests.unit.redact.planted_secrets import FILLER, NAMED_PLACES, SHAPED, TEXT_PLACES, WHOLE_TREES
from trailbell.formats import amazon_q, document, slack, sns, text
from trailbell.redact import REDACTED, TOO_DEEP, redact


def base() -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "userName": "alice", "accessKeyId": "AKIAEXAMPLE000000001"},
        "eventTime": "2026-03-02T09:14:11Z",
        "eventSource": "lambda.amazonaws.com",
        "eventName": "UpdateFunctionConfiguration20150331v2",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": {"functionName": "orders"},
        "responseElements": {"functionName": "orders"},
        "requestID": "req-1",
        "eventID": "11111111-2222-3333-4444-555555555555",
        "recipientAccountId": "111122223333",
        "eventType": "AwsApiCall",
    }


def plant(path: tuple[str, ...], value: object) -> dict[str, Any]:
    record = base()
    node: Any = record
    for step, following in zip(path, (*path[1:], ""), strict=True):
        if step.isdecimal():
            node.append(value if not following else [] if following.isdecimal() else {})
            node = node[0]
        elif not following:
            node[step] = value
        else:
            node = node.setdefault(step, [] if following.isdecimal() else {})
    return record


def everything_that_leaves(record: dict[str, Any]) -> str:
    alert = alert_of(record)
    shown = [
        text.subject(alert),
        text.text(alert),
        json.dumps(document.to_document(alert)),
        json.dumps(slack.message(alert)),
        json.dumps(sns.publication(alert)),
        json.dumps(sns.publication(alert, https_format="amazon-q")),
        json.dumps(amazon_q.notification(alert)),
        repr(alert),
    ]
    return "\n".join(shown)


@pytest.mark.parametrize("name", NAMED_PLACES)
def test_a_secret_is_told_by_the_name_of_its_field(name: str) -> None:
    for path in (
        ("requestParameters", name),
        ("responseElements", "result", name),
        ("requestParameters", "l", "0", name),
    ):
        assert FILLER not in everything_that_leaves(plant(path, FILLER))


@pytest.mark.parametrize("kind", SHAPED)
def test_a_secret_is_told_by_its_shape(kind: str) -> None:
    for path in TEXT_PLACES:
        left = everything_that_leaves(plant(path, f"see {SHAPED[kind]} here"))
        assert FILLER not in left, path


@pytest.mark.parametrize("kind", WHOLE_TREES)
def test_bundles_of_secrets_go_as_a_whole(kind: str) -> None:
    assert FILLER not in everything_that_leaves(base() | copy.deepcopy(WHOLE_TREES[kind]))


def test_there_are_forty_kinds_and_forty_places() -> None:
    assert len(SHAPED) >= 40
    assert len(NAMED_PLACES) >= 40


SENSITIVE_NAME = re.compile("passw|secret|token|private.?key|api.?key|passphrase|credential|userdata", re.IGNORECASE)
NO_SECRET = re.compile("(?:id|ids|arn|name|url|type)$|(?:next|client|request|idempotency)token$", re.IGNORECASE)
SERVICES = (
    "amplify", "appflow", "apprunner", "appstream", "autoscaling", "codebuild", "cognito-idp", "connect", "directconnect", "dms",
    "ds", "elasticbeanstalk", "eks", "emr", "events", "fsx", "iam", "ivs", "lambda", "lightsail", "m2", "mq", "outposts",
    "rds", "redshift", "sagemaker", "secretsmanager", "sso-oidc", "ssm", "sts", "transfer", "workspaces",
)  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_what_awss_models_mark_as_a_sensitive_credential_is_told_by_its_name(service: str) -> None:
    loader = botocore.session.Session().get_component("data_loader")
    shapes = loader.load_service_model(service, "service-2")["shapes"]
    marked = {
        name
        for shape in shapes.values()
        for name, member in shape.get("members", {}).items()
        if shapes[member["shape"]]["type"] in {"string", "blob"}
        and (member.get("sensitive") or shapes[member["shape"]].get("sensitive"))
        and SENSITIVE_NAME.search(name)
        and not NO_SECRET.search(name)
    }
    assert {name for name in marked if redact({"requestParameters": {name: FILLER}}) != hidden(name)} == set()


def hidden(name: str) -> dict[str, Any]:
    return {"requestParameters": {name: REDACTED}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secretId", "prod/db"),
        ("secretARN", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf"),
        ("accessKeyId", "AKIAEXAMPLE000000001"),
        ("keyId", "1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("keyName", "Ohio-Key"),
        ("passwordLastUsed", "2026-03-02T09:14:11Z"),
        ("passwordResetRequired", True),
        ("minimumPasswordLength", 14),
        ("tokenType", "Bearer-less"),
        ("nextToken", "page-2"),
        ("clientToken", "6c3d3f0e-1c44-4c39-8a3f-0e6f6bb2f0c4"),
        ("codeSha256", "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="),
        ("policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("cidrIp", "0.0.0.0/0"),
        ("description", "rotates the password every month"),
        ("manageMasterUserPassword", True),
        ("httpTokens", "required"),
        ("sequenceToken", "49590338271490256608559692538361571095921575989136588898"),
        ("encryptionKey", "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("secret", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf"),
        ("credentials", {"accessKeyId": "ASIAEXAMPLE000000001", "expiration": "Mar 2, 2026, 10:14:11 AM"}),
        ("masterUserSecret", {"secretArn": "arn:aws:secretsmanager:x", "secretStatus": "active", "kmsKeyId": "k-1"}),
        ("tags", [{"key": "password-rotation", "value": "monthly"}, {"key": "team", "value": "shop"}]),
        ("environment", {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0"}),
        ("commit", "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"),
        ("roleName", "ServerlessDeploymentBucketPolicy1A2B3C4D"),
        ("policyDocument", '{"Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue"}]}'),
        ("errorMessage", "User: arn:aws:iam::111122223333:user/x is not authorized to perform: sts:GetSessionToken"),
    ],
)
def test_what_is_no_secret_stays(name: str, value: object) -> None:
    assert redact({"requestParameters": {name: value}}) == {"requestParameters": {name: value}}


def test_names_of_environment_variables_stay() -> None:
    variables = {"requestParameters": {"environment": {"variables": {"DB_HOST": "db.example.com"}}}}
    assert redact(variables) == {"requestParameters": {"environment": {"variables": {"DB_HOST": REDACTED}}}}
    pairs = {"requestParameters": {"environment": [{"name": "DB_HOST", "value": "db.example.com"}]}}
    assert redact(pairs) == {"requestParameters": {"environment": [{"name": "DB_HOST", "value": REDACTED}]}}


def test_the_record_itself_is_left_alone() -> None:
    record = plant(("requestParameters", "password"), FILLER)
    before = copy.deepcopy(record)
    redact(record)
    assert record == before


def test_deep_nesting_is_cut_and_says_so() -> None:
    nested: Any = "leaf"
    for _ in range(900):
        nested = {"a": nested}
    assert TOO_DEEP in json.dumps(redact({"requestParameters": nested}))
