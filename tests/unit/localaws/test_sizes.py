"""What is one too large is refused, by the API and in a template, and stands in the journal; what just fits is taken."""

import asyncio
import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ministack.services import eventbridge, iam, lambda_svc, secretsmanager, sns

from localaws.strict import journal, sizes
from localaws.strict.cloudformation import resource_policies
from localaws.strict.sizes import functions, rules, secrets, subscriptions
from localaws.strict.sizes import iam as iam_sizes
from tests.unit.localaws.stacks import StackError, deploy, function

TOPIC = "arn:aws:sns:us-east-1:000000000000:alerts"


@pytest.fixture(scope="module", autouse=True)
def strict() -> None:
    resource_policies.install()
    sizes.install()


@pytest.fixture(autouse=True)
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "journal.jsonl"
    monkeypatch.setenv(journal.VARIABLE, str(path))
    yield path
    for service in (eventbridge, iam, sns):
        service.reset()


def ask(service: Any, target: str, **request: Any) -> tuple[int, str]:
    headers = {"x-amz-target": target}
    answered = asyncio.run(service.handle_request("POST", "/", headers, json.dumps(request).encode(), {}))
    return answered[0], answered[2].decode()


def reasons(log: Path) -> list[str]:
    return [line["reason"] for line in journal.read(log) if line["kind"] == "refused"]


def document(length: int) -> dict[str, Any]:
    """Return a policy of so many characters, white space left out."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ""}
    policy: dict[str, Any] = {"Version": "2012-10-17", "Statement": [statement]}
    statement["Resource"] = "arn:aws:s3:::" + "x" * (length - len(json.dumps(policy, separators=(",", ":"))) - 13)
    return policy


def trust(length: int = 200) -> dict[str, Any]:
    policy = document(length)
    principal = {"Principal": {"Service": "lambda.amazonaws.com"}}
    policy["Statement"] = [{"Effect": "Allow", **principal, "Action": "sts:AssumeRole", "Sid": ""}]
    policy["Statement"][0]["Sid"] = "x" * (length - len(json.dumps(policy, separators=(",", ":"))))
    return policy


def role(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": "r", "AssumeRolePolicyDocument": trust(), **properties},
    }


def policy_of_role(number: int, length: int) -> dict[str, Any]:
    properties = {"PolicyName": f"p{number}", "PolicyDocument": document(length), "Roles": [{"Ref": "Role"}]}
    depends = [f"Policy{number - 1}"] if number > 1 else []
    return {"Type": "AWS::IAM::Policy", "Properties": properties, "DependsOn": depends}


def managed(length: int, name: str = "m", **properties: Any) -> dict[str, Any]:
    base = {"ManagedPolicyName": name, "PolicyDocument": document(length)}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": base | properties}


def managed_of_role(count: int) -> dict[str, Any]:
    policies = {f"Policy{n}": managed(200, name=f"m{n}", Roles=[{"Ref": "Role"}]) for n in range(count)}
    return {"Role": role(), **policies}


def rule(name: str = "r", length: int = 50, targets: int = 1, **value: Any) -> dict[str, Any]:
    pattern: dict[str, Any] = {"detail": {"eventName": [value or ""]}}
    if not value:
        pattern["detail"]["eventName"] = ["x" * (length - len(json.dumps(pattern, separators=(",", ":"))))]
    listed = [{"Id": str(number), "Arn": TOPIC} for number in range(targets)]
    return {"Type": "AWS::Events::Rule", "Properties": {"Name": name, "EventPattern": pattern, "Targets": listed}}


def rules_of(count: int, **value: Any) -> dict[str, Any]:
    return {f"Rule{number}": rule(f"r{number}", **value) for number in range(count)}


def last_of_rules(count: int) -> dict[str, Any]:
    for number in range(1, count):
        ask(eventbridge, "AWSEvents.PutRule", Name=f"r{number}", EventPattern='{"source": ["a"]}')
    return {"Rule": rule()}


def variables(size: int) -> dict[str, Any]:
    return {"Function": function("f", Environment={"Variables": {"A": "x" * (size - len('{"A":""}'))}})}


def function_policy(size: int) -> dict[str, Any]:
    arn = "arn:aws:lambda:us-east-1:000000000000:function:f"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": arn, "Sid": ""}
    whole = {"Version": "2012-10-17", "Id": "default", "Statement": [statement]}
    statement["Sid"] = "x" * (size - len(json.dumps(whole, separators=(",", ":"))))
    properties = {"ResourceArn": arn, "PolicyDocument": {"Statement": [statement]}}
    policy = {"Type": "AWS::Lambda::ResourcePolicy", "Properties": properties, "DependsOn": ["Function"]}
    return {"Function": function("f"), "Policy": policy}


def filtered(policy: dict[str, Any]) -> dict[str, Any]:
    properties = {
        "TopicArn": {"Ref": "Topic"},
        "Protocol": "email",
        "Endpoint": "a@example.com",
        "FilterPolicy": policy,
    }
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}}
    return {"Topic": topic, "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": properties}}


def values(count: int) -> list[str]:
    return [str(number) for number in range(count)]


TEMPLATES: dict[str, tuple[Callable[[int], dict[str, Any]], int]] = {
    "inline policy": (lambda size: {"Role": role(), "Policy1": policy_of_role(1, size)}, iam_sizes.INLINE),
    "inline policies together": (
        lambda size: {"Role": role(), "Policy1": policy_of_role(1, 5_000), "Policy2": policy_of_role(2, size - 5_000)},
        iam_sizes.INLINE,
    ),
    "inline policy of the role": (
        lambda size: {"Role": role(Policies=[{"PolicyName": "p", "PolicyDocument": document(size)}])},
        iam_sizes.INLINE,
    ),
    "managed policy": (lambda size: {"Policy": managed(size)}, iam_sizes.MANAGED),
    "managed policies of the role": (
        lambda count: {"Role": role(ManagedPolicyArns=[f"arn:aws:iam::aws:policy/P{n}" for n in range(count)])},
        iam_sizes.ATTACHED,
    ),
    "managed policies that name the role": (managed_of_role, iam_sizes.ATTACHED),
    "trust policy": (lambda size: {"Role": role(AssumeRolePolicyDocument=trust(size))}, iam_sizes.TRUST),
    "variables": (variables, functions.ENVIRONMENT),
    "function's policy": (function_policy, functions.POLICY),
    "pattern": (lambda size: {"Rule": rule(length=size)}, rules.PATTERN),
    "targets": (lambda count: {"Rule": rule(targets=count)}, rules.TARGETS),
    "rules": (last_of_rules, rules.RULES),
    "rules with wildcards": (lambda count: rules_of(count, wildcard="Delete*"), rules.RULES_WITH_WILDCARDS),
    "filter's keys": (lambda count: filtered({key: ["a"] for key in values(count)}), subscriptions.KEYS),
    "filter's combinations": (lambda count: filtered({"a": values(count)}), subscriptions.COMBINATIONS),
    "nested filter": (lambda count: filtered({"a": {"b": values(count)}}), subscriptions.COMBINATIONS // 2),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_refused_one_beyond_the_limit(name: str, log: Path) -> None:
    template, most = TEMPLATES[name]
    deploy(template(most), name="fits")
    assert reasons(log) == []
    for service in (eventbridge, iam, lambda_svc, secretsmanager, sns):
        service.reset()
    with pytest.raises(StackError, match="is more than"):
        deploy(template(most + 1), name="beyond")
    assert reasons(log)[0].startswith("size: ")


def put_role_policy(size: int) -> tuple[int, str]:
    iam._create_role({"RoleName": "r", "AssumeRolePolicyDocument": json.dumps(trust())})
    # White space does not count.
    policy = json.dumps(document(size), indent=4)
    answered = iam._IAM_HANDLERS["PutRolePolicy"]({"RoleName": "r", "PolicyName": "p", "PolicyDocument": policy})
    return answered[0], answered[2].decode()


def create_policy(size: int) -> tuple[int, str]:
    answered = iam._IAM_HANDLERS["CreatePolicy"](
        {"PolicyName": f"p{size}", "PolicyDocument": json.dumps(document(size))}
    )
    return answered[0], answered[2].decode()


def create_role(size: int) -> tuple[int, str]:
    body = {"RoleName": f"r{size}", "AssumeRolePolicyDocument": json.dumps(trust(size))}
    answered = iam._IAM_HANDLERS["CreateRole"](body)
    return answered[0], answered[2].decode()


def attach_policies(count: int) -> tuple[int, str]:
    create_role(200)
    for number in range(count):
        body = {"RoleName": "r200", "PolicyArn": f"arn:aws:iam::aws:policy/P{number}"}
        answered = iam._IAM_HANDLERS["AttachRolePolicy"](body)
    return answered[0], answered[2].decode()


def add_permission(size: int) -> tuple[int, str]:
    deploy({"Function": function("f")}, name=f"f{size}")
    permission = {"StatementId": "", "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"}
    arn = "arn:aws:lambda:us-east-1:000000000000:function:f"
    statement = {"Sid": "", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}}
    whole = {**statement, "Action": "lambda:InvokeFunction", "Resource": arn}
    empty = len(json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": [whole]}, separators=(",", ":")))
    permission["StatementId"] = "x" * (size - empty)
    answered = lambda_svc._add_permission("f", permission)
    if answered[0] == 400:
        assert lambda_svc._functions["f"]["policy"]["Statement"] == []
    return answered[0], answered[2].decode()


def update_variables(size: int) -> tuple[int, str]:
    deploy({"Function": function("f")}, name=f"f{size}")
    environment = variables(size)["Function"]["Properties"]["Environment"]
    answered = lambda_svc._update_config("f", {"Environment": environment})
    return answered[0], answered[2].decode()


def invoke(size: int, **headers: str) -> tuple[int, str]:
    # There is no such function: what fits is refused for that.
    whole = {"content-length": str(size), **headers}
    answered = asyncio.run(lambda_svc._invoke("f", {}, whole))
    return 200 if answered[0] == 404 else answered[0], answered[2].decode()


def put_rule(size: int) -> tuple[int, str]:
    pattern = json.dumps({"source": ["trailbell"]})
    return ask(eventbridge, "AWSEvents.PutRule", Name="r", EventPattern=pattern + " " * (size - len(pattern)))


def put_targets(count: int) -> tuple[int, str]:
    ask(eventbridge, "AWSEvents.PutRule", Name="r", EventPattern='{"source": ["a"]}')
    targets = [{"Id": str(number), "Arn": TOPIC} for number in range(count)]
    first = ask(eventbridge, "AWSEvents.PutTargets", Rule="r", Targets=targets[:3])
    assert first[0] == 200
    return ask(eventbridge, "AWSEvents.PutTargets", Rule="r", Targets=targets[2:])


def create_secret(size: int) -> tuple[int, str]:
    value = base64.b64encode(b"x" * size).decode()
    return ask(secretsmanager, "secretsmanager.CreateSecret", Name=f"s{size}", SecretBinary=value)


def subscribe(count: int) -> tuple[int, str]:
    sns._create_topic({"Name": "alerts"})
    attributes = {
        "Attributes.entry.1.key": "FilterPolicy",
        "Attributes.entry.1.value": json.dumps({"a": values(count)}),
    }
    body = {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "a@example.com", **attributes}
    answered = sns._subscribe(body)
    return answered[0], answered[2].decode()


def set_filter(count: int) -> tuple[int, str]:
    subscribe(1)
    (arn,) = (subscription["arn"] for subscription in sns._topics[TOPIC]["subscriptions"])
    policy = json.dumps({"a": values(count)})
    body = {"SubscriptionArn": arn, "AttributeName": "FilterPolicy", "AttributeValue": policy}
    answered = sns._set_subscription_attributes(body)
    return answered[0], answered[2].decode()


CALLS: list[tuple[Callable[[int], tuple[int, str]], int, str]] = [
    (put_role_policy, iam_sizes.INLINE, "LimitExceeded"),
    (create_policy, iam_sizes.MANAGED, "LimitExceeded"),
    (create_role, iam_sizes.TRUST, "LimitExceeded"),
    (attach_policies, iam_sizes.ATTACHED, "LimitExceeded"),
    (add_permission, functions.POLICY, "PolicyLengthExceededException"),
    (update_variables, functions.ENVIRONMENT, "InvalidParameterValueException"),
    (invoke, functions.SYNCHRONOUS, "RequestTooLargeException"),
    (put_rule, rules.PATTERN, "LimitExceededException"),
    (put_targets, rules.TARGETS, "LimitExceededException"),
    (create_secret, secrets.VALUE, "ValidationException"),
    (subscribe, subscriptions.COMBINATIONS, "InvalidParameter"),
    (set_filter, subscriptions.COMBINATIONS, "InvalidParameter"),
]


@pytest.mark.parametrize(("call", "most", "code"), CALLS)
def test_a_call_is_refused_one_beyond_the_limit(
    call: Callable[[int], tuple[int, str]], most: int, code: str, log: Path
) -> None:
    assert call(most)[0] in (200, 201)
    assert reasons(log) == []
    for service in (iam, lambda_svc, eventbridge, sns):
        service.reset()
    status, body = call(most + 1)
    assert status >= 400
    assert code in body
    assert reasons(log)[0].startswith("size: ")


def test_an_asynchronous_event_may_have_a_megabyte(log: Path) -> None:
    event = {"x-amz-invocation-type": "Event"}
    assert invoke(functions.ASYNCHRONOUS, **event)[0] == 200
    assert invoke(functions.ASYNCHRONOUS + 1, **event)[0] == 413
    assert len(reasons(log)) == 1
