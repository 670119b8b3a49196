"""Calls of a role's session, judged in this process."""

import json
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb, eventbridge, kms, s3

from localaws.strict.iam import calls
from tests.unit.localaws.judging.world import ACCOUNT, REGION, Role, allow, make_topic

Written = Callable[[], list[dict[str, Any]]]
DEPLOYMENTS = "/applications/a/environments/e/deployments"
APPLICATION = f"arn:aws:appconfig:{REGION}:{ACCOUNT}:application/a"


def lists_deployments(role: Role) -> bool:
    arn = calls.extract_arn("appconfig", "GET", DEPLOYMENTS, {}, b"", {}, REGION, ACCOUNT)
    return calls.enforce(role.key, "appconfig:ListDeployments", "appconfig", REGION, arn) is None


def test_a_required_resource_that_is_not_granted_is_refused_by_its_arn(written: Written) -> None:
    role = Role(allow("appconfig:ListDeployments", f"{APPLICATION}/environment/e"))
    assert not lists_deployments(role)
    assert written()[-1] == {
        "kind": "refused",
        "action": "appconfig:ListDeployments",
        "resource": APPLICATION,
        "principal": role.arn,
        "reason": "identity policy",
    }


def test_all_required_resources_granted_are_allowed_and_written_down_with_their_grant(written: Written) -> None:
    role = Role(allow("sns:Publish"), allow("appconfig:ListDeployments", [APPLICATION, f"{APPLICATION}/environment/e"]))
    assert lists_deployments(role)
    grants = [(line["kind"], line["policy"], line["statement"], line["granted_resource"]) for line in written()]
    assert grants == [("allowed", "Own", 1, 0), ("allowed", "Own", 1, 1)]


def test_the_principal_arn_of_a_session_is_its_roles() -> None:
    role, other = Role(allow("sns:Publish")), Role(allow("sns:Publish"))
    others = allow("sns:Publish", "*", ArnNotEquals={"aws:PrincipalArn": role.arn})
    topic = make_topic({"Statement": [others | {"Effect": "Deny", "Principal": {"AWS": "*"}}]})
    assert role.may("sns:Publish", topic)
    assert not other.may("sns:Publish", topic)


def test_a_refusal_names_the_resource() -> None:
    role = Role()
    lists_deployments(role)
    _, _, body = iam_actions.access_denied_response("appconfig", "appconfig:ListDeployments", role.arn, "id")
    assert (
        f"not authorized to perform: appconfig:ListDeployments on resource: {APPLICATION} because no" in body.decode()
    )


def test_a_request_of_no_known_action_is_written_down(written: Written) -> None:
    assert iam_actions.extract_iam_action("appconfig", "GET", "/no/such/path", {}, b"", {}) is None
    assert written() == [
        {"kind": "unjudged", "service": "appconfig", "method": "GET", "path": "/no/such/path", "account": ACCOUNT}
    ]


def test_a_policy_that_asks_for_tls_takes_the_loopback_for_it() -> None:
    app.pin_request_origin("127.0.0.1", False)
    role = Role(allow("sqs:SendMessage", "*", Bool={"aws:SecureTransport": "true"}))
    assert role.may("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:none")


def test_a_caller_is_no_service() -> None:
    assert Role(allow("sqs:SendMessage", "*", Bool={"aws:PrincipalIsAWSService": "false"})).may("sqs:SendMessage", "*")


def test_the_account_of_a_bucket_is_its_owners() -> None:
    s3._buckets._data[("999988887777", "theirs")] = {}
    role = Role(allow("s3:GetObject", "*", StringEquals={"aws:ResourceAccount": ACCOUNT}))
    assert role.may("s3:GetObject", "arn:aws:s3:::ours/key")
    assert not role.may("s3:GetObject", "arn:aws:s3:::theirs/key")
    del s3._buckets._data[("999988887777", "theirs")]


def test_a_tables_policy_may_deny_what_the_role_is_granted(written: Written) -> None:
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/claims"
    denied = allow("dynamodb:PutItem", table) | {"Effect": "Deny", "Principal": {"AWS": "*"}}
    role = Role(allow("dynamodb:*"))
    dynamodb._resource_policies[table] = {"Policy": json.dumps({"Statement": [denied]})}
    assert role.may("dynamodb:GetItem", table)
    assert not role.may("dynamodb:PutItem", table)
    assert written()[-1]["reason"] == "explicit deny of the resource policy"
    del dynamodb._resource_policies[table]


def test_a_buses_policy_may_deny_too() -> None:
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/guarded"
    denied = allow("events:PutEvents", bus) | {"Effect": "Deny", "Principal": "*"}
    eventbridge._event_bus_policies["guarded"] = {"Statement": [denied]}
    assert not Role(allow("events:PutEvents")).may("events:PutEvents", bus)
    del eventbridge._event_bus_policies["guarded"]


def test_another_accounts_bus_lets_in_whom_its_policy_names() -> None:
    bus = f"arn:aws:events:{REGION}:999988887777:event-bus/theirs"
    role = Role(allow("events:PutEvents"))
    assert not role.may("events:PutEvents", bus)
    ours = allow("events:PutEvents", bus) | {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    eventbridge._event_bus_policies._data[("999988887777", REGION, "theirs")] = {"Statement": [ours]}
    assert role.may("events:PutEvents", bus)
    del eventbridge._event_bus_policies._data[("999988887777", REGION, "theirs")]


def make_key() -> str:
    arn: str = json.loads(kms._create_key({})[2])["KeyMetadata"]["Arn"]
    return arn


def test_who_publishes_to_an_encrypted_topic_needs_its_key(written: Written) -> None:
    key = make_key()
    topic = make_topic(key=key)
    assert not Role(allow("sns:Publish", topic)).may("sns:Publish", topic)
    assert (written()[-1]["action"], written()[-1]["resource"]) == ("kms:GenerateDataKey", key)
    assert Role(allow("sns:Publish", topic), allow("kms:GenerateDataKey", key), allow("kms:Decrypt", key)).may(
        "sns:Publish", topic
    )


def test_who_hands_a_role_to_a_service_needs_to_be_let_pass_it(written: Written) -> None:
    passed = Role().arn
    body = json.dumps({"Rule": "one", "Targets": [{"Id": "1", "Arn": "arn", "RoleArn": passed}]}).encode()
    to_events = allow("iam:PassRole", passed, StringEquals={"iam:PassedToService": "events.amazonaws.com"})
    to_lambda = allow("iam:PassRole", passed, StringEquals={"iam:PassedToService": "lambda.amazonaws.com"})
    for role, allowed in ((Role(allow("events:*"), to_events), True), (Role(allow("events:*"), to_lambda), False)):
        headers = {"x-amz-target": "AWSEvents.PutTargets"}
        arn = calls.extract_arn("events", "POST", "/", headers, body, {}, REGION, ACCOUNT)
        assert (calls.enforce(role.key, "events:PutTargets", "events", REGION, arn) is None) is allowed
    assert (written()[-1]["action"], written()[-1]["resource"]) == ("iam:PassRole", passed)


def test_an_unknown_key_is_no_refusal_of_a_policy() -> None:
    answer = iam_evaluator.enforce("ASIANOBODY", "sns:Publish", "sns", REGION, "*")
    assert isinstance(answer, iam_evaluator.AuthError)


def test_a_token_that_is_used_up_is_for_appconfig_to_refuse() -> None:
    role = Role(allow("sns:Publish"))
    token = {"configuration_token": ["used-up"]}
    arn = calls.extract_arn("appconfig", "GET", "/configuration", {}, b"", token, REGION, ACCOUNT)
    assert calls.enforce(role.key, "appconfig:GetLatestConfiguration", "appconfig", REGION, arn) is None
