import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from slack_notifier.handler import Notifier, wait_seconds
from slack_notifier.queue import SlackQueue
from slack_notifier.secret import SlackTarget
from slack_notifier.slack_api import Outcome
from tests.unit.alerts import run_instances_alert
from trailbell.errors import DeliveryError
from trailbell.render.document import to_document

TARGET = SlackTarget(url="https://hooks.slack.com/services/x")


class FakeQueue(SlackQueue):
    """Remembers what it is told."""

    def __init__(self) -> None:
        super().__init__(url="queue", dead_letters_url="dead")
        self.postponed: list[tuple[str, int]] = []
        self.buried: list[tuple[str, str]] = []

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        self.postponed.append((receipt_handle, seconds))

    def bury(self, body: str, reason: str) -> None:
        self.buried.append((body, reason))


class FakeSlack:
    """Answers as told and remembers what was posted."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.posted: list[Mapping[str, Any]] = []

    def post(self, target: SlackTarget, message: Mapping[str, Any]) -> Outcome:
        assert target == TARGET
        self.posted.append(message)
        return self.outcome


def queued(body: str, received: int = 1) -> SQSRecord:
    return SQSRecord(
        {"body": body, "receiptHandle": "handle", "attributes": {"ApproximateReceiveCount": str(received)}}
    )


def alert_body() -> str:
    return json.dumps(to_document(run_instances_alert()))


def deliver(outcome: Outcome, record: SQSRecord) -> tuple[FakeSlack, FakeQueue]:
    slack, queue = FakeSlack(outcome), FakeQueue()
    Notifier(read_target=lambda: TARGET, post=slack.post, queue=queue).deliver(record)
    return slack, queue


def test_an_alert_is_posted_as_a_slack_message() -> None:
    slack, queue = deliver(Outcome(kind="delivered"), queued(alert_body()))
    (message,) = slack.posted
    assert "kodekloud" in message["text"]
    assert message["blocks"] if "blocks" in message else message["attachments"]
    assert (queue.postponed, queue.buried) == ([], [])


def test_an_alert_that_the_routes_send_elsewhere_is_not_posted() -> None:
    alert = replace(run_instances_alert(), destinations=("email",))
    slack, queue = deliver(Outcome(kind="delivered"), queued(json.dumps(to_document(alert))))
    assert (slack.posted, queue.postponed, queue.buried) == ([], [], [])


@pytest.mark.parametrize(
    ("outcome", "received", "seconds"),
    [
        (Outcome(kind="try-later", reason="HTTP 429", retry_after_seconds=30), 1, 30),
        (Outcome(kind="try-later", reason="HTTP 500"), 1, 2),
        (Outcome(kind="try-later", reason="HTTP 500"), 4, 16),
    ],
)
def test_a_busy_slack_is_tried_again_when_it_asked_for(outcome: Outcome, received: int, seconds: int) -> None:
    slack, queue = FakeSlack(outcome), FakeQueue()
    notifier = Notifier(read_target=lambda: TARGET, post=slack.post, queue=queue)
    with pytest.raises(DeliveryError, match=f"comes back in {seconds} s"):
        notifier.deliver(queued(alert_body(), received))
    assert queue.postponed == [("handle", seconds)]
    assert queue.buried == []


def test_what_slack_refuses_is_buried_whole_with_the_reason() -> None:
    body = alert_body()
    _, queue = deliver(Outcome(kind="refused", reason="channel_not_found"), queued(body))
    assert queue.buried == [(body, "channel_not_found")]


@pytest.mark.parametrize("body", ["", "no json", "[]", "{}", '{"version": "1.0"}'])
def test_what_is_no_alert_is_buried_and_not_posted(body: str) -> None:
    slack, queue = deliver(Outcome(kind="delivered"), queued(body))
    assert slack.posted == []
    assert [buried for buried, _ in queue.buried] == [body]


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_seconds(received) for received in (1, 2, 3, 9, 10, 11, 1000)] == [2, 4, 8, 512, 900, 900, 900]
