"""Roles and resources in MiniStack's own stores, in this process."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import eventbridge, iam, lambda_svc, sns, sqs, sts

ACCOUNT = "111122223333"
REGION = "eu-central-1"


class Role:
    """A role with one policy, and a session of it."""

    def __init__(self, *statements: dict[str, Any], trust: dict[str, Any] | None = None) -> None:
        name = f"role-{uuid.uuid4().hex[:8]}"
        self.arn = f"arn:aws:iam::{ACCOUNT}:role/service/{name}"
        self.key = f"ASIA{uuid.uuid4().hex[:16].upper()}"
        iam._roles[name] = {
            "RoleName": name,
            "Arn": self.arn,
            "AttachedPolicies": [],
            "InlinePolicies": {"Own": json.dumps({"Statement": list(statements)})},
            "AssumeRolePolicyDocument": json.dumps({"Statement": [trust] if trust else []}),
        }
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/session"
        sts.register_session(self.key, {"Arn": arn, "UserId": name, "SecretAccessKey": "s", "SessionToken": "t"})

    def may(self, action: str, arn: str) -> bool:
        """Tell whether a call of its session is allowed."""
        return iam_evaluator.enforce(self.key, action, action.partition(":")[0], REGION, arn) is None


def allow(action: str, resource: str | list[str] = "*", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def make_queue(*statements: dict[str, Any]) -> str:
    """Make a queue with this policy, and return its ARN."""
    name = f"queue-{uuid.uuid4().hex[:8]}"
    attributes = {"Policy": json.dumps({"Statement": list(statements)})} if statements else {}
    sqs._act_create_queue({"QueueName": name, "Attributes": attributes}, "")
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def bodies(queue: str) -> list[str]:
    """Return what is in a queue."""
    return [message["body"] for message in sqs._queue_by_arn(queue)["messages"]]


def make_topic(policy: dict[str, Any] | None = None, key: str = "") -> str:
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:topic-{uuid.uuid4().hex[:8]}"
    attributes = {"Policy": json.dumps(policy or {}), "KmsMasterKeyId": key}
    sns._topics[arn] = {"arn": arn, "name": arn.rpartition(":")[2], "attributes": attributes, "subscriptions": []}
    return arn


def make_function(*statements: dict[str, Any], role: str = "arn:aws:iam::111122223333:role/none") -> str:
    """Make a function with this resource policy, and return its ARN."""
    name = f"function-{uuid.uuid4().hex[:8]}"
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
    config = {"FunctionName": name, "FunctionArn": arn, "Role": role}
    lambda_svc._functions[name] = {"config": config, "policy": {"Statement": list(statements)}}
    return arn


def make_rule(**target: Any) -> dict[str, Any]:
    """Make a rule of the default bus with one target."""
    eventbridge._ensure_default_bus()
    name = f"rule-{uuid.uuid4().hex[:8]}"
    eventbridge._put_rule({"Name": name, "EventPattern": json.dumps({"source": ["trailbell.test"]})})
    eventbridge._put_targets({"Rule": name, "Targets": [{"Id": "one", **target}]})
    rule: dict[str, Any] = eventbridge._rules[f"default|{name}"]
    return rule


def let_in(service: str, action: str, resource: str = "*", **condition: Any) -> dict[str, Any]:
    """Return a statement of a resource's policy that lets a service in."""
    return {**allow(action, resource, **condition), "Principal": {"Service": service}}


def refusals(written: Callable[[], list[dict[str, Any]]]) -> list[tuple[str, str, str]]:
    """Return what the journal has of refusals: action, resource and reason."""
    return [(line["action"], line["resource"], line["reason"]) for line in written() if line["kind"] == "refused"]
