import json
from pathlib import Path
from typing import Any

from tests.infra.test_hub_stack import resources, slots
from trailbell.contract.names import forwarder_role_name

Template = dict[str, Any]
FORWARDER_ROLE = forwarder_role_name("Trailbell")


def test_the_forwarder_has_the_hubs_filters_and_the_home_bus_as_target(forwarder: Template, hub: Template) -> None:
    filters = [(rule["EventPattern"], rule["State"]) for rule in slots(forwarder)]
    assert filters == [(rule["EventPattern"], rule["State"]) for rule in slots(hub)] != []
    for rule in resources(forwarder, "AWS::Events::Rule"):
        assert ":events:us-east-2:" in json.dumps(rule["Targets"][0]["Arn"])
        assert "DeadLetters" in json.dumps(rule["Targets"][0]["DeadLetterConfig"])


def forwarder_role(hub: Template) -> str:
    """Return the logical id of the hub's role for forwarders."""
    (id_,) = [
        id_ for id_, part in hub["Resources"].items() if part.get("Properties", {}).get("RoleName") == FORWARDER_ROLE
    ]
    return str(id_)


def test_the_forwarder_may_put_events_on_the_home_bus_and_nothing_else(hub: Template) -> None:
    (policy,) = [
        policy for policy in resources(hub, "AWS::IAM::Policy") if policy["Roles"] == [{"Ref": forwarder_role(hub)}]
    ]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "events:PutEvents"
    assert "event-bus/default" in json.dumps(statement["Resource"])


def test_the_role_is_there_before_the_rules_that_need_it_and_an_account_has_it_once(
    forwarder: Template, assembly: Path
) -> None:
    assert {resource["Type"] for resource in forwarder["Resources"].values()} & {"AWS::IAM::Role"} == set()
    for rule in resources(forwarder, "AWS::Events::Rule"):
        assert f":role/{FORWARDER_ROLE}" in json.dumps(rule["Targets"][0]["RoleArn"])
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    assert "Trailbell" in manifest["artifacts"]["Trailbell-Forwarder-us-east-1"]["dependencies"]


def test_eventbridge_acts_for_rules_of_this_account_alone(hub: Template) -> None:
    role = hub["Resources"][forwarder_role(hub)]["Properties"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
