"""Grants that no call used."""

from typing import Any

from localaws.scenario.grants import unused_grants

STATEMENTS = [
    {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"], "Resource": [{"Ref": "One"}, "two"]},
    {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
]
TEMPLATE = {
    "Resources": {
        "SenderPolicy1": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": "SenderPolicy1",
                "PolicyDocument": {"Statement": STATEMENTS},
                "Roles": [{"Ref": "SenderRole"}],
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue"},
    }
}


def line(statement: int, action: int, resource: int, policy: str = "SenderPolicy1") -> dict[str, Any]:
    found = {"statement": statement, "granted_action": action, "granted_resource": resource}
    return {"kind": "allowed", "policy": policy, **found}


def texts(*lines: dict[str, Any]) -> list[str]:
    return [str(grant) for grant in unused_grants([TEMPLATE], lines)]


def test_actions_and_resources_that_nothing_used_are_listed_by_their_role() -> None:
    assert texts(line(0, 0, 0), line(1, 0, 0)) == [
        'SenderRole: sqs:GetQueueUrl on {"Ref": "One"}, two',
        "SenderRole: sqs:SendMessage, sqs:GetQueueUrl on two",
    ]


def test_a_statement_that_nothing_used_is_listed_once() -> None:
    assert texts(line(0, 0, 0), line(0, 1, 1)) == ["SenderRole: sns:Publish on *"]


def test_what_another_policy_allowed_counts_for_nothing() -> None:
    assert len(texts(line(0, 0, 0, policy="Other"), line(1, 0, 0, policy="Other"))) == 2
