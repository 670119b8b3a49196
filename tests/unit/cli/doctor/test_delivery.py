"""The doctor's look at what is behind the trail: filters, functions, subscriptions, secrets, dead letters, alarms."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.cli.fake_aws import HOME, FakeAws, refused
from trailbell.cli.doctor.checkup import Deployment, Result, run_checks
from trailbell.cli.doctor.delivery import (
    check_alarms,
    check_dead_letters,
    check_functions,
    check_secrets,
    check_subscriptions,
)
from trailbell.cli.doctor.filters import check_filters, check_forwarders
from trailbell.config.model import Config
from trailbell.filters import compile_filters
from trailbell.pattern import Pattern
from trailbell.rule import Rule

RULE = Rule(id="a", title="A", severity="low", match=Pattern.parse({"eventName": ["RunInstances"]}))
READ_RULE = Rule(id="b", title="B", severity="low", match=Pattern.parse({"eventName": ["GetSecretValue"]}))
CONFIG = Config(rules=(RULE, READ_RULE))
TOPICS = {"AlertsTopicArn": "arn:alerts", "HealthTopicArn": "arn:health"}
ENABLED, FOR_READS = "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


def deployment(table: Any, outputs: Any = None) -> Deployment:
    return Deployment(aws=FakeAws(table), stack="Trailbell", outputs=outputs or {}, config=CONFIG)


def resources(**ids_of: list[str]) -> dict[str, Any]:
    """Return a stack's resources: `Events__Rule=["a"]`."""
    found = [
        {"ResourceType": f"AWS::{type_.replace('__', '::')}", "PhysicalResourceId": id_}
        for type_, ids in ids_of.items()
        for id_ in ids
    ]
    return {"list_stack_resources": {"StackResourceSummaries": found}}


def told(results: Any) -> list[tuple[str, str]]:
    return [(result.status, result.said) for result in results]


def slots(**changes: str) -> list[dict[str, str]]:
    """Return the filters of the config as they are deployed; `State` and the like may differ in the first."""
    filters = compile_filters(CONFIG.rules)
    rules = [
        {
            "Name": f"slot-{number}",
            "State": FOR_READS if each.read_only else ENABLED,
            # In another order of keys: EventBridge keeps the text, others need not.
            "EventPattern": json.dumps(dict(reversed(each.pattern.items()))),
        }
        for number, each in enumerate(filters, start=1)
    ]
    return [rules[0] | changes, *rules[1:]]


def bus(rules: list[dict[str, str]], names: list[str] | None = None) -> Any:
    table: dict[tuple[str, str], Any] = {}
    for region in (HOME, "us-east-1"):
        table["events", region] = {"list_rules": {"Rules": rules}}
        ids = [rule["Name"] for rule in rules] if names is None else names
        table["cloudformation", region] = resources(Events__Rule=ids)
    return table


def test_filters_that_are_those_of_the_config_are_fine_in_every_region() -> None:
    number = len(compile_filters(CONFIG.rules))
    assert number == 2
    assert told(check_filters(deployment(bus(slots())))) == [
        ("ok", f"{region}: 2 filters, as the config needs them") for region in (HOME, "us-east-1")
    ]


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        (slots(State="DISABLED"), None),
        (slots(State=ENABLED), None),  # the first is the one for reads
        (slots(EventPattern='{"source":["trailbell.test"]}'), None),
        (slots(), ["of-another-stack"]),
        ([], None),
    ],
)
def test_filters_that_are_missing_or_off_fail(rules: list[dict[str, str]], names: list[str] | None) -> None:
    results = list(check_filters(deployment(bus(rules, names))))
    assert [result.status for result in results] == ["fail", "fail"]
    assert "cdk deploy" in results[0].mend


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"Stacks": [{"StackStatus": "UPDATE_COMPLETE"}]}, "ok"),
        ({"Stacks": [{"StackStatus": "UPDATE_ROLLBACK_COMPLETE"}]}, "fail"),
        ({"Stacks": [{"StackStatus": "CREATE_IN_PROGRESS"}]}, "fail"),
        (refused("ValidationError", "DescribeStacks", "does not exist"), "fail"),
    ],
)
def test_the_forwarder_must_stand(answer: Any, status: str) -> None:
    table = {("cloudformation", "us-east-1"): {"describe_stacks": answer}}
    (result,) = check_forwarders(deployment(table))
    assert (result.status, "Trailbell-Forwarder-us-east-1" in result.said) == (status, True)


@pytest.mark.parametrize(
    ("function", "status"),
    [
        ({"State": "Active", "LastUpdateStatus": "Successful"}, "ok"),
        ({"State": "Inactive", "LastUpdateStatus": "Successful"}, "ok"),
        ({"State": "Active", "LastUpdateStatus": "InProgress"}, "warn"),
        ({"State": "Failed", "StateReason": "KMS key is gone"}, "fail"),
        ({"State": "Active", "LastUpdateStatus": "Failed", "LastUpdateStatusReason": "KMS key is gone"}, "fail"),
    ],
)
def test_functions_must_be_ready(function: Any, status: str) -> None:
    table = {
        ("cloudformation", HOME): resources(Lambda__Function=["detector"]),
        ("lambda", HOME): {"get_function_configuration": function},
    }
    result = next(iter(check_functions(deployment(table))))
    assert result.status == status
    assert status != "fail" or "KMS key is gone" in result.said


@pytest.mark.parametrize(
    ("alerts", "health", "expected"),
    [
        (["a@example.com"], ["ops@example.com"], ["ok", "ok"]),
        ([], ["ops@example.com"], ["fail", "ok"]),
        (["a@example.com"], [], ["ok", "warn"]),
        (["a@example.com", "PENDING"], ["PENDING"], ["fail", "fail"]),
    ],
)
def test_subscriptions_must_be_there_and_confirmed(alerts: list[str], health: list[str], expected: list[str]) -> None:
    def subscriptions(TopicArn: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        return {
            "Subscriptions": [
                {"SubscriptionArn": "PendingConfirmation" if who == "PENDING" else "arn:1", "Endpoint": who}
                for who in (alerts if TopicArn == "arn:alerts" else health)
            ]
        }

    table = {("sns", HOME): {"list_subscriptions_by_topic": subscriptions}}
    assert [result.status for result in check_subscriptions(deployment(table, TOPICS))] == expected


@pytest.mark.parametrize(
    ("secret", "status"),
    [
        ('{"webhook_url": "https://hooks.slack.com/services/T0/B0/hunter2"}', "ok"),
        ("https://hooks.slack.com/services/T0/B0/hunter2", "ok"),
        ('{"webhook_url": "", "unused": "padding-hunter2"}', "fail"),
        ("{}", "fail"),
        ("", "fail"),
    ],
)
def test_secrets_must_be_filled_and_are_never_shown(secret: str, status: str) -> None:
    table = {("secretsmanager", HOME): {"get_secret_value": {"SecretString": secret}}}
    (result,) = check_secrets(deployment(table, {"SlackSecretArn": "arn:slack"}))
    assert result.status == status
    assert "hunter2" not in str(result)


def dead_letters(here: int, there: int) -> list[Result]:
    def count(number: int) -> Any:
        return {"get_queue_attributes": {"Attributes": {"ApproximateNumberOfMessages": str(number)}}}

    table = {
        ("sqs", HOME): count(here),
        ("sqs", "us-east-1"): count(there),
        ("cloudformation", "us-east-1"): resources(SQS__Queue=["https://queue"]),
    }
    return list(check_dead_letters(deployment(table, {"DetectorDeadLettersUrl": "https://detector"})))


def test_dead_letters_fail_wherever_they_lie() -> None:
    assert told(dead_letters(0, 0)) == [("ok", "none in 2 queues")]
    assert told(dead_letters(3, 0)) == [("fail", "Detector: 3 dead letters")]
    assert told(dead_letters(0, 1)) == [("fail", "forwarder in us-east-1: 1 dead letter")]


@pytest.mark.parametrize(("name", "status"), [("ours", "fail"), ("of-others", "ok")])
def test_an_alarm_of_the_stack_that_is_on_fails(name: str, status: str) -> None:
    alarms = {"MetricAlarms": [{"AlarmName": name, "AlarmDescription": "dead letters"}]}
    table = {
        ("cloudformation", HOME): resources(CloudWatch__Alarm=["ours"]),
        ("cloudwatch", HOME): {"describe_alarms": alarms},
    }
    (result,) = check_alarms(deployment(table))
    assert result.status == status


def test_a_check_that_aws_refuses_names_the_action_and_does_not_stop_the_next() -> None:
    words = "User: bob is not authorized to perform: sns:ListSubscriptionsByTopic on resource: arn"

    def refuse(_: Deployment) -> list[Result]:
        raise refused("AuthorizationError", "ListSubscriptionsByTopic", words)

    def fine(_: Deployment) -> list[Result]:
        return [Result(check="next", status="ok", said="fine")]

    first, second = run_checks({"subscriptions": refuse, "next": fine}, deployment({}))
    assert (first.check, first.status) == ("subscriptions", "warn")
    assert "sns:ListSubscriptionsByTopic" in first.mend
    assert second.said == "fine"


def test_an_error_that_is_no_refusal_is_not_hidden() -> None:
    def broken(_: Deployment) -> list[Result]:
        raise refused("InternalFailure", "DescribeTrails")

    with pytest.raises(ClientError, match="InternalFailure"):
        list(run_checks({"trail": broken}, deployment({})))
