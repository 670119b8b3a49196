from typing import Any

import pytest

from tests.unit.aws.calls import record_of
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.redact import redact
from trailbell.words.undo import undo_command

POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"
RULES = {
    "securityGroupRuleSet": {
        "items": [
            {"groupId": "sg-0a1b2c3d4e5f60718", "securityGroupRuleId": "sgr-0a1b2c3d4e5f60718", "isEgress": False}
        ]
    }
}


def undo(call: str, request: Any = None, response: Any = None, **more: Any) -> str | None:
    return undo_command(read_record(redact(record_of(call, request, response, **more)), Names()))


@pytest.mark.parametrize(
    ("call", "request_", "response", "expected"),
    [
        ("cloudtrail.StopLogging", {"name": "main"}, None, "cloudtrail start-logging --name main"),
        ("iam.AttachUserPolicy", {"userName": "eve", "policyArn": POLICY}, None,
         f"iam detach-user-policy --user-name eve --policy-arn {POLICY}"),
        ("ec2.AuthorizeSecurityGroupIngress", {"groupId": "sg-0a1b2c3d4e5f60718"}, RULES,
         ("ec2 revoke-security-group-ingress --group-id sg-0a1b2c3d4e5f60718 "
          "--security-group-rule-ids sgr-0a1b2c3d4e5f60718")),
        ("iam.UpdateAccessKey", {"accessKeyId": "AKIAI44QH8DHBEXAMPLE", "status": "Inactive", "userName": "eve"}, None,
         "iam update-access-key --user-name eve --access-key-id AKIAI44QH8DHBEXAMPLE --status Active"),
        ("guardduty.UpdateDetector", {"detectorId": "12abc", "enable": False}, None,
         "guardduty update-detector --detector-id 12abc --enable"),
        ("lambda.AddPermission20150331v2", {"functionName": "f", "statementId": "s"}, None,
         "lambda remove-permission --function-name f --statement-id s"),
        ("iam.CreateUser", {"userName": "eve; rm -rf ~"}, None, "iam delete-user --user-name 'eve; rm -rf ~'"),
    ],
)  # fmt: skip
def test_inverse_is_a_quoted_command(call: str, request_: Any, response: Any, expected: str) -> None:
    assert undo(call, request_, response) == f"aws {expected} --region eu-central-1"


@pytest.mark.parametrize("name", ["--profile=evil", "-x", "file:///etc/passwd", "a\nb", "", None, 7, ["-x"]])
def test_no_command_from_a_value_that_the_cli_would_not_take_as_one(name: Any) -> None:
    assert undo("iam.CreateUser", {"userName": name}) is None


def test_failed_call_has_nothing_to_undo() -> None:
    assert undo("cloudtrail.StopLogging", {"name": "main"}, errorCode="AccessDenied") is None


def test_no_command_for_what_cannot_be_taken_back() -> None:
    assert undo("cloudtrail.DeleteTrail", {"name": "main"}) is None
    assert undo("secretsmanager.DeleteSecret", {"secretId": "s", "forceDeleteWithoutRecovery": True}) is None


def test_no_command_with_a_forged_region() -> None:
    assert undo("cloudtrail.StopLogging", {"name": "main"}, awsRegion="x; reboot") is None


def test_only_instances_that_changed_state_are_switched_back() -> None:
    def instance(name: str, was: str) -> dict[str, Any]:
        return {"instanceId": name, "currentState": {"name": "stopping"}, "previousState": {"name": was}}

    both = {"instancesSet": {"items": [instance("i-1", "running"), instance("i-2", "stopped")]}}
    assert undo("ec2.StopInstances", {}, both) == "aws ec2 start-instances --instance-ids i-1 --region eu-central-1"
    assert undo("ec2.StartInstances", {}, both) == "aws ec2 stop-instances --instance-ids i-2 --region eu-central-1"
    unchanged = {"instancesSet": {"items": [instance("i-2", "stopped")]}}
    assert undo("ec2.StopInstances", {}, unchanged) is None
