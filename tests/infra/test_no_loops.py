"""No function is woken, by whatever way, by what it sent itself: Lambda stops such loops after 16 rounds."""

import json
from collections import defaultdict
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pytest

from tests.infra.test_notifiers import hub  # noqa: F401 - the fixture: every destination at once

Template = dict[str, Any]
SENDS = {"sqs:SendMessage", "sns:Publish", "lambda:InvokeFunction"}
"""By the services whose loops Lambda counts. No function puts events on a bus.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""


def of_type(template: Template, type_: str) -> dict[str, dict[str, Any]]:
    found = template["Resources"].items()
    return {name: resource["Properties"] for name, resource in found if resource["Type"] == type_}


def named(value: Any, template: Template) -> set[str]:
    """Return the resources that a value refers to."""
    return {name for name in template["Resources"] if f'"{name}"' in json.dumps(value)}


def ways(template: Template) -> Mapping[str, set[str]]:
    """Return who may wake or reach what: functions what their roles may send to, queues and topics their readers."""
    to: dict[str, set[str]] = defaultdict(set)
    functions = {
        next(iter(named(function["Role"], template))): name
        for name, function in of_type(template, "AWS::Lambda::Function").items()
    }
    for policy in of_type(template, "AWS::IAM::Policy").values():
        for role in named(policy["Roles"], template) & set(functions):
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                assert "events:PutEvents" not in actions
                if SENDS & set(actions):
                    to[functions[role]] |= named(statement["Resource"], template)
    for mapping in of_type(template, "AWS::Lambda::EventSourceMapping").values():
        to[next(iter(named(mapping["EventSourceArn"], template)))] |= named(mapping["FunctionName"], template)
    for subscription in of_type(template, "AWS::SNS::Subscription").values():
        to[next(iter(named(subscription["TopicArn"], template)))] |= named(subscription["Endpoint"], template)
    return to


def test_no_way_leads_from_a_function_back_to_itself(hub: Template) -> None:  # noqa: F811 - the fixture
    to = ways(hub)
    woken = {name for name in to if name in of_type(hub, "AWS::Lambda::Function")}
    assert len(woken) >= 8, "the detector, the window closer and six notifiers send something"
    tuple(TopologicalSorter(to).static_order())


def test_a_function_that_sends_to_its_own_queue_would_be_found(hub: Template) -> None:  # noqa: F811 - the fixture
    (mapping, *_) = of_type(hub, "AWS::Lambda::EventSourceMapping").values()
    queue, function = mapping["EventSourceArn"], mapping["FunctionName"]
    role = of_type(hub, "AWS::Lambda::Function")[next(iter(named(function, hub)))]["Role"]
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue}
    policy = {"Roles": [role], "PolicyDocument": {"Statement": [statement]}}
    looped = {"Resources": hub["Resources"] | {"Loop": {"Type": "AWS::IAM::Policy", "Properties": policy}}}
    with pytest.raises(CycleError):
        tuple(TopologicalSorter(ways(looped)).static_order())
