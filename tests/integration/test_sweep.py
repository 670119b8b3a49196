"""The window closer as its environment puts it together, over moto's DynamoDB and SQS."""

import json
import time
from typing import Any

import boto3
import pytest

from tests.integration.tables import CLAIMS, WINDOWS, make_tables
from tests.unit.invocation import left
from trailbell.contract.environments.detection import WindowCloserEnvironment
from trailbell.functions.window_closer.handler import start
from trailbell.functions.window_closer.sweep import MAX_TRIES, Sweep
from trailbell.tables.due import BRAKE_HEAD, DueItems, minute_key
from trailbell.tables.dynamodb import DynamoDb

MINUTE = "2026-11-23T17:58:00Z"
BODY = json.dumps({"digest": {"destination": "topic/soc", "minute": MINUTE}})


class Deployed:
    """Tables, queues, and a sweep of them."""

    def __init__(self) -> None:
        make_tables(CLAIMS, WINDOWS)
        self.sqs: Any = boto3.client("sqs")
        self.urls = {name: self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("topic", "dead")}
        self.items = DueItems(WINDOWS, DynamoDb(), now_seconds=time.time)

    def sweep(self) -> Sweep:
        environment = WindowCloserEnvironment(
            topic_arn="arn:aws:sns:us-east-2:111122223333:alerts",
            https_format="json",
            claims_table=CLAIMS,
            windows_table=WINDOWS,
            dead_letters_url=self.urls["dead"],
            notifier_queues={"topic": self.urls["topic"]},
        )
        return start(environment.variables())

    def put(self, destination: str, *, tries: int = 0) -> None:
        """Let a minute be due that was tried so often."""
        key = minute_key(destination, MINUTE)
        self.items.put(key, BRAKE_HEAD, at_ms=1, body=BODY)
        for at_ms in range(1, tries + 1):
            (found,) = self.items.look(at_ms, limit=10)
            self.items.lease(found, until_ms=at_ms + 1)

    def bodies(self, name: str) -> list[str]:
        messages = self.sqs.receive_message(QueueUrl=self.urls[name], MaxNumberOfMessages=10).get("Messages", [])
        return [message["Body"] for message in messages]

    def due(self) -> int:
        return len(self.items.look(round(time.time() * 1000) + 3_600_000, limit=10))


@pytest.fixture
def deployed() -> Deployed:
    return Deployed()


def test_a_minute_that_is_over_wakes_its_notifier_once(deployed: Deployed) -> None:
    deployed.put("topic/soc")
    sweep = deployed.sweep()
    for _ in range(2):
        sweep.run(left(50))
    assert (deployed.bodies("topic"), deployed.bodies("dead"), deployed.due()) == ([BODY], [], 0)


def test_a_minute_of_a_destination_that_was_switched_off_is_tried_and_ends_as_a_dead_letter(
    deployed: Deployed,
) -> None:
    sweep = deployed.sweep()
    deployed.put("teams", tries=MAX_TRIES - 1)
    sweep.run(left(50))
    assert (deployed.bodies("dead"), deployed.due()) == ([], 1)
    deployed.put("teams", tries=MAX_TRIES)
    sweep.run(left(50))
    assert (deployed.bodies("topic"), deployed.bodies("dead"), deployed.due()) == ([], [BODY], 0)


def test_what_the_dead_letter_queue_does_not_take_stays_due(deployed: Deployed) -> None:
    deployed.put("teams", tries=MAX_TRIES)
    deployed.sqs.delete_queue(QueueUrl=deployed.urls["dead"])
    deployed.sweep().run(left(50))
    assert deployed.due() == 1
