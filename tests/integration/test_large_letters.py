"""A letter of a large event, over moto's SQS: what the detector leaves, `trailbell dlq` reads and sends back whole."""

import json
from functools import partial
from typing import TYPE_CHECKING, cast

import boto3

from trailbell.cli.dlq.letters import read_letter
from trailbell.errors import RecordError
from trailbell.outbox.large_letters import LargeLetters
from trailbell.outbox.sqs_queues import SqsQueues

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


MAX_EVENT_BYTES = 1_000_000
"""What Lambda takes at once of an event that is sent back."""


def fail(*_: object) -> None:
    raise RecordError("the event has no detail")


def test_a_letter_of_a_large_event_is_read_and_goes_back_to_the_detector_whole() -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    detail = {"eventName": "RunInstances", "eventID": "e-1", "requestParameters": "äb" * 330_000}
    event = {"source": "aws.ec2", "detail": detail}
    letters = LargeLetters(handle=fail, send=partial(SqsQueues().send, url))
    letters.handle(event, cast("LambdaContext", None))

    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    letter = read_letter("Detector", message)
    assert (letter.what, letter.way) == ("RunInstances (e-1)", "detector")
    assert letter.why == "RecordError: the event has no detail"
    assert json.loads(letter.payload) == event
    assert len(letter.payload.encode()) < MAX_EVENT_BYTES
