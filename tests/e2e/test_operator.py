"""What an operator does with a deployment: look at its health, try it, read the history."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from localaws.deployment import Deployment
from localaws.stand_ins.slack import Answer, SlackStandIn
from tests.e2e.conftest import User, new_launch
from trailbell.cli.main import app

pytestmark = pytest.mark.e2e

ALERT_SECONDS = 60


@pytest.fixture(autouse=True)
def operator(deployment: Deployment, config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in deployment.aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TRAILBELL_CONFIG", str(config_file))


def trailbell(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def findings(check: str) -> list[tuple[str, str]]:
    result = trailbell("doctor", "--format", "json")
    assert result.exit_code in {0, 1}, result.stderr
    return [(found["status"], found["said"]) for found in json.loads(result.stdout) if found["check"] == check]


def test_a_deployment_that_is_in_order_passes_every_check(deployment: Deployment) -> None:
    del deployment
    result = trailbell("doctor", "--format", "json")
    checks = json.loads(result.stdout)
    assert [found["said"] for found in checks if found["status"] == "fail"] == []
    assert {found["check"] for found in checks} == {
        "trail",
        "forwarder",
        "filters",
        "functions",
        "config",
        "subscriptions",
        "secrets",
        "slack",
        "dead letters",
        "alarms",
    }


@contextmanager
def trail_stopped(deployment: Deployment) -> Iterator[None]:
    trails = deployment.aws.client("cloudtrail")
    name = trails.describe_trails()["trailList"][0]["Name"]
    trails.stop_logging(Name=name)
    yield
    trails.start_logging(Name=name)


@contextmanager
def filter_off(deployment: Deployment) -> Iterator[None]:
    events = deployment.aws.client("events", "us-east-1")
    enabled = [
        rule
        for rule in events.list_rules()["Rules"]
        if rule["State"] == "ENABLED" and "trailbell.test" in rule.get("EventPattern", "")
    ]
    for rule in enabled:
        events.disable_rule(Name=rule["Name"])
    yield
    for rule in enabled:
        events.enable_rule(Name=rule["Name"])


@contextmanager
def dead_letter(deployment: Deployment) -> Iterator[None]:
    sqs, url = deployment.aws.client("sqs"), deployment.outputs["FilterDeadLettersUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    yield
    sqs.purge_queue(QueueUrl=url)


@contextmanager
def empty_secret(deployment: Deployment) -> Iterator[None]:
    secrets, arn = deployment.aws.client("secretsmanager"), deployment.outputs["SlackSecretArn"]
    before = secrets.get_secret_value(SecretId=arn)["SecretString"]
    secrets.put_secret_value(SecretId=arn, SecretString='{"webhook_url": ""}')
    yield
    secrets.put_secret_value(SecretId=arn, SecretString=before)


@pytest.mark.parametrize(
    ("trouble", "check", "says"),
    [
        (trail_stopped, "trail", "not logging"),
        (filter_off, "filters", "us-east-1: "),
        (dead_letter, "dead letters", "Filter: 1 dead letter"),
        (empty_secret, "secrets", "Slack: the secret is empty"),
    ],
)
def test_the_doctor_finds_what_is_broken_and_is_content_when_it_is_mended(
    deployment: Deployment, trouble: Any, check: str, says: str
) -> None:
    with trouble(deployment):
        failed = [said for status, said in findings(check) if status == "fail"]
    assert [says in said for said in failed] == [True]
    assert [said for status, said in findings(check) if status != "ok"] == []


def test_the_doctor_asks_slack_and_posts_nothing(deployment: Deployment, slack: SlackStandIn) -> None:
    del deployment
    before = len(slack.delivered)
    slack.answer_next([Answer(status=404, body="no_service")])
    assert [(status, "no_service" in said) for status, said in findings("slack")] == [("fail", True)]
    assert [status for status, _ in findings("slack")] == ["ok"]
    assert len(slack.delivered) == before


def test_a_test_alert_reaches_slack_and_the_command_says_when(slack: SlackStandIn) -> None:
    before = len(slack.delivered)
    result = trailbell("send-test", "--rule", "ec2-instance-launched", "--format", "json")
    assert result.exit_code == 0, result.stdout
    steps = {step["step"]: step for step in json.loads(result.stdout)["steps"]}
    assert steps["detector"]["seconds"] <= steps["slack"]["seconds"] < ALERT_SECONDS
    assert "TEST" in json.dumps(slack.wait_for(before + 1, ALERT_SECONDS)[before].message)


def test_a_drill_waits_for_the_alert_of_its_rule(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", user.key.id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", user.key.secret)
    result = trailbell("drill", "cloudtrail-stop-attempted", "--timeout", "60", "--format", "json")
    assert result.exit_code == 0, result.stderr
    answer = json.loads(result.stdout)
    assert (answer["answer"], answer["outcome"]) == ("TrailNotFoundException", "alerted")
    assert 0 < answer["seconds"] < ALERT_SECONDS


def test_the_history_shows_what_was_called_newest_first_and_show_the_whole_of_it(deployment: Deployment) -> None:
    for region in ("us-east-2", "us-east-1"):
        deployment.aws.client("sqs", region).create_queue(QueueName=f"history-{region}")
    result = trailbell("history", "--event-name", "CreateQueue", "--since", "1h", "--write", "--format", "json")
    assert result.exit_code == 0, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    times = [event["event"]["time"] for event in events]
    assert times == sorted(times, reverse=True)
    queues = {resource["id"] for event in events for resource in event["resources"]}
    assert {"history-us-east-2", "history-us-east-1"} <= queues

    event_id = events[0]["event"]["id"]
    shown = json.loads(trailbell("show", event_id, "--format", "json").stdout)
    assert shown["record"] == events[0]["record"]
    explained = json.loads(trailbell("explain", event_id, "--format", "json").stdout)
    assert (explained["event_id"], explained["rules"]) == (event_id, [])


def test_explain_tells_what_the_detector_made_of_an_event(deployment: Deployment, tmp_path: Path) -> None:
    records = [new_launch("explained") for _ in range(2)]
    answers = []
    for record in records:
        deployment.put_record(record)
        path = tmp_path / "record.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        answers.append(_outcome(path))
    assert "ec2-instance-launched alerted" in answers[0]
    assert "ec2-instance-launched deduplicated" in answers[1]


def _outcome(path: Path) -> str:
    end = time.monotonic() + ALERT_SECONDS
    while time.monotonic() < end:
        (note,) = json.loads(trailbell("explain", str(path), "--deployed", "--format", "json").stdout)["notes"]
        if "says nothing" not in note:
            return str(note)
        time.sleep(0.5)
    return ""
