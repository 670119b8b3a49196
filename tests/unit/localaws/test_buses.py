"""Which rules get an event, and how far it goes from bus to bus."""

import json
from typing import Any

import pytest

from tests.unit.localaws.conftest import ACCOUNT, EVERYTHING, HOME, Client, Queue, put_rule, rule_to_queue, start_trail

AWAY = "us-west-2"
OTHER_ACCOUNT = "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/forwarder"
TEST = ["trailbell.test"]


def default_bus(region: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:events:{region}:{account}:event-bus/default"


def put_test_event(client: Client, region: str, **detail: Any) -> str:
    entry = {"Source": TEST[0], "DetailType": "AWS API Call via CloudTrail", "Detail": json.dumps(detail)}
    answer = client("events", region).put_events(Entries=[entry])
    return str(answer["Entries"][0]["EventId"])


def test_read_only_events_reach_the_rules_of_the_state_that_gets_them(client: Client) -> None:
    start_trail(client)
    plain, everything = (
        rule_to_queue(client, "plain", state="ENABLED"),
        rule_to_queue(client, "everything", state=EVERYTHING),
    )
    plain.events()
    everything.events()
    client("secretsmanager").create_secret(Name="key", SecretString="hush")
    client("secretsmanager").get_secret_value(SecretId="key")
    client("secretsmanager").list_secrets()
    told = ["CreateSecret", "GetSecretValue", "ListSecrets"]
    assert [record["eventName"] for record in everything.records()] == told
    assert [record["eventName"] for record in plain.records()] == told[:1]


def test_read_only_events_of_another_name_reach_both(client: Client) -> None:
    start_trail(client)
    role = client("iam").create_role(RoleName="ops", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    plain = rule_to_queue(client, "plain", state="ENABLED")
    client("sts").assume_role(RoleArn=role, RoleSessionName="night")
    assert [(record["eventName"], record["readOnly"]) for record in plain.records()] == [("AssumeRole", True)]


@pytest.mark.parametrize("state", ["ENABLED", EVERYTHING])
def test_what_put_events_brings_is_withheld_from_nobody(client: Client, state: str) -> None:
    seen = rule_to_queue(client, "seen", state=state, source=TEST)
    put_test_event(client, HOME, eventName="DescribeInstances", readOnly=True)
    assert [record["eventName"] for record in seen.records()] == ["DescribeInstances"]


def test_a_disabled_rule_gets_nothing(client: Client) -> None:
    seen = rule_to_queue(client, "seen", state="DISABLED", source=TEST)
    put_test_event(client, HOME, eventName="RunInstances")
    assert seen.records() == []


@pytest.mark.parametrize(("region", "account"), [(HOME, ACCOUNT), (HOME, OTHER_ACCOUNT), (AWAY, OTHER_ACCOUNT)])
def test_an_event_crosses_to_another_bus_as_it_was(client: Client, region: str, account: str) -> None:
    seen = rule_to_queue(client, "seen", region=region, account=account, source=TEST)
    put_rule(client, "forward", default_bus(region, account), region=AWAY, source=TEST, RoleArn=ROLE)
    sent = put_test_event(client, AWAY, eventName="RunInstances")
    (event,) = seen.events()
    assert (event["id"], event["region"], event["account"], event["source"]) == (sent, AWAY, ACCOUNT, TEST[0])


def test_an_event_of_iam_crosses_from_us_east_1_to_home(client: Client) -> None:
    start_trail(client)
    seen = rule_to_queue(client, "seen", state="ENABLED")
    put_rule(
        client, "forward", default_bus(HOME), region="us-east-1", state="ENABLED", source=["aws.iam"], RoleArn=ROLE
    )
    client("iam").create_user(UserName="alice")
    client("iam").get_user(UserName="alice")
    assert [(event["source"], event["region"], event["detail"]["eventName"]) for event in seen.events()] == [
        ("aws.iam", "us-east-1", "CreateUser")
    ]


def test_an_event_goes_to_no_third_bus(client: Client) -> None:
    put_rule(client, "first", default_bus(HOME), region=AWAY, source=TEST, RoleArn=ROLE)
    put_rule(client, "second", default_bus("eu-west-1"), region=HOME, source=TEST, RoleArn=ROLE)
    second, third = (rule_to_queue(client, "seen", region=region, source=TEST) for region in (HOME, "eu-west-1"))
    put_test_event(client, AWAY, eventName="RunInstances")
    assert (len(second.events()), third.events()) == (1, [])


def test_two_buses_that_forward_to_each_other_end_after_one_hop(client: Client) -> None:
    put_rule(client, "there", default_bus(HOME), region=AWAY, source=TEST, RoleArn=ROLE)
    put_rule(client, "back", default_bus(AWAY), region=HOME, source=TEST, RoleArn=ROLE)
    home, away = (rule_to_queue(client, "seen", region=region, source=TEST) for region in (HOME, AWAY))
    put_test_event(client, AWAY, eventName="RunInstances")
    assert (len(home.events()), len(away.events())) == (1, 1)


def test_an_event_for_a_bus_that_is_not_there_is_a_dead_letter(client: Client) -> None:
    letters = Queue(client, "letters", AWAY, ACCOUNT)
    bus = f"arn:aws:events:{HOME}:{ACCOUNT}:event-bus/nowhere"
    put_rule(client, "forward", bus, region=AWAY, source=TEST, RoleArn=ROLE, DeadLetterConfig={"Arn": letters.arn})
    sent = put_test_event(client, AWAY, eventName="RunInstances")
    (letter,) = letters.messages()
    assert json.loads(letter["Body"])["id"] == sent
    told = {name: attribute["StringValue"] for name, attribute in letter["MessageAttributes"].items()}
    assert (told["ERROR_CODE"], told["TARGET_ARN"]) == ("RESOURCE_NOT_FOUND", bus)
    assert told["RULE_ARN"] == f"arn:aws:events:{AWAY}:{ACCOUNT}:rule/forward"
