import json
from typing import Any

from tests.infra.test_hub_stack import only, resources, slots

Template = dict[str, Any]


def test_the_forwarder_has_the_hubs_filters_and_the_home_bus_as_target(forwarder: Template, hub: Template) -> None:
    filters = [(rule["EventPattern"], rule["State"]) for rule in slots(forwarder)]
    assert filters == [(rule["EventPattern"], rule["State"]) for rule in slots(hub)] != []
    for rule in resources(forwarder, "AWS::Events::Rule"):
        assert ":events:us-east-2:" in json.dumps(rule["Targets"][0]["Arn"])
        assert "DeadLetters" in json.dumps(rule["Targets"][0]["DeadLetterConfig"])


def test_the_forwarder_may_put_events_on_the_home_bus_and_nothing_else(forwarder: Template) -> None:
    (statement,) = only(forwarder, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Action"] == "events:PutEvents"
    assert "event-bus/default" in json.dumps(statement["Resource"])


def test_no_rule_is_on_before_eventbridge_may_send_what_it_matches(forwarder: Template) -> None:
    policies = {
        id_ for id_, part in forwarder["Resources"].items() if part["Type"] in ("AWS::IAM::Policy", "AWS::IAM::Role")
    }
    for part in forwarder["Resources"].values():
        if part["Type"] == "AWS::Events::Rule":
            assert policies <= set(part["DependsOn"])


def test_eventbridge_acts_for_rules_of_this_account_alone(forwarder: Template) -> None:
    (statement,) = only(forwarder, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
