"""Slack, deployed: what follows an alert stands in its thread, and what was refused is redriven after the mend."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from localaws.deployment import Deployment
from localaws.stand_ins.slack import POST_PATH, UPDATE_PATH, Answer, SlackStandIn
from tests.e2e.conftest import new_launch
from tests.unit.alerts import alert_of
from trailbell.alert import FollowUp
from trailbell.cli.main import app
from trailbell.formats.document import to_document

pytestmark = pytest.mark.e2e

SECONDS = 60


def function_of(deployment: Deployment, queue_url: str) -> str:
    """Return the function that takes what is in a queue."""
    arn = queue_arn(deployment, queue_url)
    (mapping,) = deployment.aws.client("lambda").list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    return str(mapping["FunctionArn"])


def queue_arn(deployment: Deployment, queue_url: str) -> str:
    answer = deployment.aws.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


@pytest.fixture
def bot_token(deployment: Deployment, slack: SlackStandIn) -> Iterator[None]:
    """Let the notifier post with a bot token: a new variable makes a new sandbox, which reads the secret anew."""
    function = function_of(deployment, deployment.outputs["SlackQueueUrl"])
    deployment.fill_slack_secret(slack, bot_token="xoxb-local", channel="#alerts")
    deployment.set_variables(function, SECRET_FILLED=uuid.uuid4().hex)
    yield
    deployment.fill_slack_secret(slack)
    deployment.set_variables(function, SECRET_FILLED=uuid.uuid4().hex)


@pytest.mark.usefixtures("bot_token")
def test_a_follow_up_that_comes_before_its_alert_ends_in_the_alerts_thread(
    deployment: Deployment, slack: SlackStandIn
) -> None:
    first = replace(alert_of(new_launch()), alerted_at=datetime.now(UTC) - timedelta(minutes=1))
    follow_up = replace(
        first,
        id=f"{first.id}/follow-up",
        alerted_at=datetime.now(UTC),
        follow_up=FollowUp(of=first.id, repeats=37),
    )
    tries = len(slack.attempts)
    taken = len(slack.delivered)
    sqs, url = deployment.aws.client("sqs"), deployment.outputs["SlackQueueUrl"]
    for alert in (follow_up, first):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(to_document(alert)))
    slack.wait_for(taken + 3, SECONDS)
    posted, changed, replied = slack.attempts[tries:]
    assert [posted.path, changed.path, replied.path] == [POST_PATH, UPDATE_PATH, POST_PATH]
    place = json.loads(posted.answer)
    assert (changed.message["channel"], changed.message["ts"]) == (place["channel"], place["ts"])
    assert (replied.message["channel"], replied.message["thread_ts"]) == (place["channel"], place["ts"])
    assert "Seen 37 more times" in json.dumps(changed.message)


def wait_for_depth(deployment: Deployment, queue_url: str) -> int:
    """Return how many messages a queue shows, once it shows any."""
    sqs, end = deployment.aws.client("sqs"), time.monotonic() + SECONDS
    while time.monotonic() < end:
        answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages"])
        if count := int(answer["Attributes"]["ApproximateNumberOfMessages"]):
            return count
        time.sleep(0.5)
    return 0


def alarm_on(deployment: Deployment, queue_url: str) -> dict[str, Any]:
    name = queue_arn(deployment, queue_url).rpartition(":")[2]
    (alarm,) = [
        alarm
        for alarm in deployment.aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
        if {"Name": "QueueName", "Value": name} in alarm["Dimensions"]
    ]
    found: dict[str, Any] = alarm
    return found


def test_what_slack_refused_raises_an_alarm_and_arrives_when_it_is_redriven_after_the_mend(
    deployment: Deployment, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead_letters = deployment.outputs["SlackDeadLettersUrl"]
    tries, taken = len(slack.attempts), len(slack.delivered)
    slack.answer_next([Answer(status=403, body="invalid_token")])
    record = new_launch()
    deployment.put_record(record)
    # The local AWS has no metrics of queues: the alarm is held against what the metric would say.
    alarm = alarm_on(deployment, dead_letters)
    assert (alarm["MetricName"], alarm["Statistic"]) == ("ApproximateNumberOfMessagesVisible", "Maximum")
    assert (alarm["ComparisonOperator"], alarm["EvaluationPeriods"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert wait_for_depth(deployment, dead_letters) >= alarm["Threshold"]
    assert len(slack.attempts) == tries + 1
    assert len(slack.delivered) == taken

    for name, value in deployment.aws.environment.items():
        monkeypatch.setenv(name, value)
    listed = CliRunner().invoke(app, ["dlq", "list", "--queue", "Slack", "--format", "json"], catch_exceptions=False)
    (letter,) = json.loads(listed.stdout)
    assert record["eventID"] in letter["what"]
    assert letter["why"] == "HTTP 403 invalid_token"
    redriven = CliRunner().invoke(app, ["dlq", "redrive", "--queue", "Slack", "--yes"], catch_exceptions=False)
    assert (redriven.exit_code, redriven.stderr) == (0, "Slack: 1 sent back.\n")
    left = CliRunner().invoke(app, ["dlq", "list", "--queue", "Slack", "--format", "json"], catch_exceptions=False)
    assert json.loads(left.stdout) == []
    delivered = slack.wait_for(taken + 1, SECONDS)
    assert record["eventID"] in json.dumps(delivered[taken].message)
    assert len(slack.attempts) == tries + 2
