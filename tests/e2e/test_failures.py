"""What fails is kept: unreadable events, and a Slack that does not take alerts."""

import json
from typing import Any

import pytest

from localaws.deployment import Deployment, receive
from localaws.stand_ins.slack import Answer, SlackStandIn
from tests.e2e.conftest import new_launch
from trailbell.contract.names import Output
from trailbell.outbox.large_letters import unpack

pytestmark = pytest.mark.e2e

DEAD_LETTER_SECONDS = 60
SLACK_SECONDS = 60

ENVELOPE: dict[str, Any] = {"source": "trailbell.test", "detail-type": "AWS API Call via CloudTrail"}


UNREADABLE = "Cannot read the event; it goes to the dead-letter queue"


def logged(deployment: Deployment) -> list[dict[str, Any]]:
    """Return the JSON lines of the detector's log."""
    answer = deployment.aws.client("logs").filter_log_events(logGroupName=deployment.outputs[Output.DETECTOR_LOG_GROUP])
    messages = [line for event in answer["events"] for line in str(event["message"]).splitlines()]
    return [json.loads(line) for line in messages if line.startswith("{")]


# Text that is no JSON at all does not get as far as the function: Lambda refuses it.
@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        ("this is no event", "not a JSON object"),
        (ENVELOPE, "no detail"),
        (ENVELOPE | {"detail": "RunInstances"}, "detail is"),
        (ENVELOPE | {"detail": {}}, "eventName"),
    ],
)
def test_an_unreadable_event_ends_whole_in_the_dead_letter_queue(
    deployment: Deployment, payload: object, complaint: str
) -> None:
    lambda_ = deployment.aws.client("lambda")
    lambda_.invoke(
        FunctionName=deployment.outputs[Output.DETECTOR_NAME],
        InvocationType="Event",
        Payload=json.dumps(payload).encode(),
    )
    body = receive(deployment.aws.client("sqs"), deployment.outputs["DetectorDeadLettersUrl"], DEAD_LETTER_SECONDS)
    assert body is not None
    letter = json.loads(body)
    assert letter["requestPayload"] == payload
    assert complaint in letter["responsePayload"]["errorMessage"]
    assert letter["requestContext"]["approximateInvokeCount"] == 3
    assert any(line.get("message") == UNREADABLE and complaint in line["reason"] for line in logged(deployment)), (
        "the log says what was wrong"
    )


def test_an_event_too_large_for_lambdas_letter_is_left_by_the_detector(deployment: Deployment) -> None:
    event = ENVELOPE | {"detail": {"requestParameters": "x" * 950_000}}
    deployment.aws.client("lambda").invoke(
        FunctionName=deployment.outputs[Output.DETECTOR_NAME],
        InvocationType="Event",
        Payload=json.dumps(event).encode(),
    )
    body = receive(deployment.aws.client("sqs"), deployment.outputs["DetectorDeadLettersUrl"], DEAD_LETTER_SECONDS)
    assert body is not None
    kept, reason = unpack(json.loads(body))
    assert kept == event
    assert "eventName" in reason


def launch(deployment: Deployment) -> str:
    record = new_launch()
    deployment.put_record(record)
    return str(record["eventID"])


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([Answer(status=500, body="")], id="one 500"),
        pytest.param([Answer(status=503, body=""), Answer(status=500, body="")], id="two 5xx"),
        pytest.param([Answer(status=429, body="", retry_after_seconds=2)], id="429 with Retry-After"),
    ],
)
def test_an_alert_that_slack_does_not_take_at_first_arrives_later_and_once(
    deployment: Deployment, slack: SlackStandIn, answers: list[Answer]
) -> None:
    tries, before = len(slack.attempts), len(slack.delivered)
    slack.answer_next(answers)
    event_id = launch(deployment)
    delivered = slack.wait_for(before + 1, SLACK_SECONDS)
    assert event_id in json.dumps(delivered[before].message)
    assert [attempt.status for attempt in slack.attempts[tries:]] == [*(answer.status for answer in answers), 200]
    waited = slack.attempts[-1].time - slack.attempts[tries].time
    assert waited >= (answers[0].retry_after_seconds or 1)


def test_an_alert_that_slack_refuses_for_good_is_a_dead_letter_at_once(
    deployment: Deployment, slack: SlackStandIn
) -> None:
    tries = len(slack.attempts)
    slack.answer_next([Answer(status=404, body="channel_not_found")])
    event_id = launch(deployment)
    body = receive(deployment.aws.client("sqs"), deployment.outputs["SlackDeadLettersUrl"], DEAD_LETTER_SECONDS)
    assert body is not None
    assert json.loads(body)["event"]["id"] == event_id
    assert len(slack.attempts) == tries + 1
