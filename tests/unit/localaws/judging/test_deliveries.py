"""What services deliver inside MiniStack, judged by the policies of what they deliver to and of the roles they take on."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from ministack.core.responses import set_request_region
from ministack.services import appconfig, cloudwatch, eventbridge, kms, lambda_svc, sns, sqs

from localaws.strict.iam import deliveries
from tests.unit.localaws.judging.world import (
    ACCOUNT,
    REGION,
    Role,
    allow,
    bodies,
    let_in,
    make_function,
    make_queue,
    make_rule,
    make_topic,
    refusals,
)

Written = Callable[[], list[dict[str, Any]]]
EVENTS, SNS, CLOUDWATCH, SCHEDULER = (f"{name}.amazonaws.com" for name in ("events", "sns", "cloudwatch", "scheduler"))
EVENT = {"Source": "trailbell.test", "DetailType": "test", "Detail": '{"a": 1}'}


@pytest.fixture
def invoked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ARNs of the functions that get something, in place of running them."""
    functions: list[str] = []
    monkeypatch.setattr(eventbridge, "_dispatch_to_lambda", lambda arn, _payload: functions.append(arn))
    monkeypatch.setitem(deliveries._before, "_deliver_to_lambda", lambda arn, *_: functions.append(arn))
    return functions


def put_event() -> None:
    eventbridge._put_events({"Entries": [EVENT]})


def test_a_rule_reaches_a_function_that_lets_it_in(invoked: list[str]) -> None:
    function = make_function()
    rule = make_rule(Arn=function)
    statement = let_in(EVENTS, "lambda:InvokeFunction", function, ArnLike={"AWS:SourceArn": rule["Arn"]})
    lambda_svc._functions[function.rpartition(":")[2]]["policy"]["Statement"].append(statement)
    put_event()
    assert invoked == [function]


def test_a_rule_that_a_function_does_not_let_in_leaves_the_event_in_the_dead_letter_queue(
    invoked: list[str], written: Written
) -> None:
    other = "arn:aws:events:eu-central-1:111122223333:rule/other"
    function = make_function(let_in(EVENTS, "lambda:InvokeFunction", ArnLike={"AWS:SourceArn": other}))
    queue = make_queue(let_in(EVENTS, "sqs:SendMessage"))
    rule = make_rule(Arn=function, DeadLetterConfig={"Arn": queue})
    put_event()
    assert invoked == []
    assert [json.loads(body)["detail"] for body in bodies(queue)] == [{"a": 1}]
    attributes = sqs._queue_by_arn(queue)["messages"][0]["message_attributes"]
    assert attributes["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    assert ("lambda:InvokeFunction", function, "resource policy") in refusals(written)
    failed = [
        key
        for key in cloudwatch._metrics
        if key[:2] == ("AWS/Events", "FailedInvocations") and rule["Name"] in str(key)
    ]
    assert len(failed) == 1


def test_a_dead_letter_queue_that_lets_no_rule_in_gets_nothing(written: Written) -> None:
    queue = make_queue()
    make_rule(Arn=make_function(), DeadLetterConfig={"Arn": queue})
    put_event()
    assert bodies(queue) == []
    assert ("sqs:SendMessage", queue, "resource policy") in refusals(written)


def test_a_rule_reaches_a_queue_by_the_queues_policy_alone() -> None:
    rules_queue, nobodys = make_queue(let_in(EVENTS, "sqs:SendMessage")), make_queue(let_in(SNS, "sqs:SendMessage"))
    make_rule(Arn=rules_queue)
    make_rule(Arn=nobodys)
    put_event()
    assert (len(bodies(rules_queue)), len(bodies(nobodys))) == (1, 0)


BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/onward"


@pytest.mark.parametrize(
    ("trusted_account", "granted", "reason"),
    [(ACCOUNT, BUS, None), ("999988887777", BUS, "trust policy"), (ACCOUNT, f"{BUS}-other", "identity policy")],
)
def test_a_rule_forwards_to_a_bus_with_a_role_that_it_may_take_on_and_that_may_put_events(
    trusted_account: str, granted: str, reason: str | None, written: Written
) -> None:
    eventbridge._create_event_bus({"Name": "onward"})
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": EVENTS},
        "Condition": {"StringEquals": {"aws:SourceAccount": trusted_account}},
    }
    role = Role(allow("events:PutEvents", granted), trust=trust)
    rule = make_rule(Arn=BUS, RoleArn=role.arn)
    assert deliveries._target_allowed({"Arn": BUS, "RoleArn": role.arn}, rule) is (reason is None)
    assert [found for *_, found in refusals(written)] == ([reason] if reason else [])


def test_a_schedule_takes_on_its_role_for_its_group() -> None:
    group = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": SCHEDULER}}
    right = trust | {"Condition": {"ArnEquals": {"aws:SourceArn": group}}}
    schedule = {"Arn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/beat", "Name": "beat"}
    role = Role(allow("events:PutEvents", BUS), trust=right)
    assert deliveries._target_allowed({"Arn": BUS, "RoleArn": role.arn}, schedule)
    other = Role(allow("events:PutEvents", BUS), trust=trust | {"Principal": {"Service": EVENTS}})
    assert not deliveries._target_allowed({"Arn": BUS, "RoleArn": other.arn}, schedule)


@pytest.mark.parametrize(("granted", "allowed"), [("default", True), ("other", False)])
def test_a_schedules_universal_target_puts_events_with_its_role(granted: str, *, allowed: bool) -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": SCHEDULER}}
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/"
    role = Role(allow("events:PutEvents", bus + granted), trust=trust)
    entries = json.dumps({"Entries": [{"EventBusName": f"{bus}default"}]})
    target = {"Arn": f"{deliveries.UNIVERSAL}eventbridge:putEvents", "RoleArn": role.arn, "Input": entries}
    schedule = {"Arn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/beat", "Name": "beat"}
    assert deliveries._target_allowed(target, schedule) is allowed


def subscribe(topic: str, protocol: str, endpoint: str, redrive: str | None = None) -> None:
    attributes = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": redrive})} if redrive else {}
    subscription = {"arn": f"{topic}:1", "protocol": protocol, "endpoint": endpoint, "confirmed": True}
    sns._topics[topic]["subscriptions"].append({**subscription, "attributes": attributes})


def test_a_topic_leaves_what_a_queue_does_not_let_in_in_the_subscriptions_dead_letter_queue(written: Written) -> None:
    topic, closed, redrive = make_topic(), make_queue(), make_queue(let_in(SNS, "sqs:SendMessage"))
    subscribe(topic, "sqs", closed, redrive)
    sns._fanout(topic, "1", "told", "")
    assert bodies(closed) == []
    assert [json.loads(body)["Message"] for body in bodies(redrive)] == ["told"]
    assert refusals(written) == [("sqs:SendMessage", closed, "resource policy")]


def test_a_topic_calls_only_a_function_that_lets_it_in(invoked: list[str], written: Written) -> None:
    topic, closed, redrive = make_topic(), make_function(), make_queue(let_in(SNS, "sqs:SendMessage"))
    open_ = make_function(let_in(SNS, "lambda:InvokeFunction", ArnLike={"AWS:SourceArn": topic}))
    subscribe(topic, "lambda", closed, redrive)
    deliveries.to_function(closed, "{}", topic, f"{topic}:1", "1", "told", {})
    deliveries.to_function(open_, "{}", topic, f"{topic}:2", "1", "told", {})
    assert invoked == [open_]
    assert bodies(redrive) == ["{}"]
    assert refusals(written) == [("lambda:InvokeFunction", closed, "resource policy")]


def alarm(topic: str) -> dict[str, Any]:
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:one"
    return {"AlarmName": "one", "AlarmArn": arn, "AlarmActions": [topic], "ActionsEnabled": True}


@pytest.mark.parametrize(("source", "told"), [(ACCOUNT, 1), ("999988887777", 0)])
def test_an_alarm_reaches_an_encrypted_topic_where_topic_and_key_let_cloudwatch_in(source: str, told: int) -> None:
    condition = {"aws:SourceAccount": source}
    key_policy = {"Statement": [let_in(CLOUDWATCH, "kms:*", "*", StringEquals=condition)]}
    key = json.loads(kms._create_key({"Policy": json.dumps(key_policy)})[2])["KeyMetadata"]["Arn"]
    topic = make_topic({"Statement": [let_in(CLOUDWATCH, "sns:Publish")]}, key=key)
    queue = make_queue(let_in(SNS, "sqs:SendMessage"))
    subscribe(topic, "sqs", queue)
    cloudwatch._dispatch_alarm_actions(alarm(topic), "OK", "ALARM", "why")
    assert len(bodies(queue)) == told


def test_a_topic_with_the_default_policy_lets_alarms_in_but_no_rules() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:Publish"],
        "Resource": f"arn:aws:sns:{REGION}:{ACCOUNT}:x",
    }
    default = {"Id": "__default_policy_ID", "Statement": [statement | {"Resource": "*"}]}
    topic = make_topic()
    default["Statement"] = [statement | {"Resource": topic}]
    sns._topics[topic]["attributes"]["Policy"] = json.dumps(default)
    queue = make_queue(let_in(SNS, "sqs:SendMessage"))
    subscribe(topic, "sqs", queue)
    cloudwatch._dispatch_alarm_actions(alarm(topic), "OK", "ALARM", "why")
    assert len(bodies(queue)) == 1
    make_rule(Arn=topic)
    put_event()
    assert len(bodies(queue)) == 1


def test_a_validator_is_called_without_a_source_arn() -> None:
    source = {"AWS:SourceArn": f"arn:aws:appconfig:{REGION}:{ACCOUNT}:application/a/configurationprofile/p"}
    conditioned = make_function(let_in("appconfig.amazonaws.com", "lambda:InvokeFunction", ArnLike=source))
    assert not deliveries.may_validate(conditioned)
    assert deliveries.may_validate(make_function(let_in("appconfig.amazonaws.com", "lambda:InvokeFunction")))


def test_appconfig_sees_an_alarm_only_through_a_role_that_may_describe_it(monkeypatch: pytest.MonkeyPatch) -> None:
    set_request_region(REGION)
    arn = alarm("")["AlarmArn"]
    monkeypatch.setitem(deliveries._before, "_first_monitor_alarm", lambda *_: (arn, 1.0))
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "appconfig.amazonaws.com"}}
    roles = (Role(trust=trust), None), (Role(allow("cloudwatch:DescribeAlarms"), trust=trust), (arn, 1.0))
    for start, (role, seen) in enumerate(roles):
        appconfig._environments["a/e"] = {"Monitors": [{"AlarmArn": arn, "AlarmRoleArn": role.arn}]}
        assert appconfig._first_monitor_alarm("a", "e", start, 2) == seen
