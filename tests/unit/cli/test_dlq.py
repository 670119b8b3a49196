"""Dead letters of every kind: read without consuming, sent back, and deleted only once they were taken."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from typer.testing import CliRunner, Result

from tests.integration.tables import WINDOWS, items, make_tables
from tests.unit.alerts import run_instances_alert
from trailbell.cli.dlq.letters import NO_REASON, read_letter
from trailbell.cli.main import app
from trailbell.cli.shared.aws import Aws
from trailbell.formats.document import to_document
from trailbell.outbox.large_letters import pack

ALERT = to_document(run_instances_alert())
TITLE = ALERT["rule"]["title"]
EVENT = {"source": "aws.ec2", "detail": {"eventName": "RunInstances", "eventID": "e-1"}}
FAILED = {
    "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
    "requestPayload": EVENT,
    "responsePayload": {"errorMessage": "the event has no detail"},
}
TIMER = {"timer": {"key": "k", "ends_at_ms": 1, "follow_up_id": "f"}, "alert": ALERT}
DIGEST = {"digest": {"destination": "slack", "minute": "2026-11-23T17:58:00Z"}}
QUEUES = ("Detector", "Filter", "Slack", "Windows")


class FakeLambda:
    """Takes invocations."""

    def __init__(self) -> None:
        self.payloads: list[Any] = []

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> None:  # noqa: N803 - boto3's names
        assert (FunctionName, InvocationType) == ("detector", "Event")
        self.payloads.append(json.loads(Payload))


class World:
    """The queues of a deployment, in moto."""

    def __init__(self) -> None:
        self.sqs: Any = boto3.client("sqs", region_name="eu-west-1")
        names = [*(f"{name}DeadLettersUrl" for name in QUEUES), "SlackQueueUrl"]
        self.outputs = {name: self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in names}
        self.outputs |= {"DetectorName": "detector", "WindowsTableName": WINDOWS}
        make_tables(WINDOWS)
        self.lambda_ = FakeLambda()
        self.clients = {"sqs": self.sqs, "lambda": self.lambda_, "dynamodb": boto3.client("dynamodb")}

    def put(self, queue: str, body: Any, **attributes: str) -> str:
        text = body if isinstance(body, str) else json.dumps(body)
        told = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        url = self.outputs[f"{queue}DeadLettersUrl"]
        answer = self.sqs.send_message(QueueUrl=url, MessageBody=text, MessageAttributes=told)
        return str(answer["MessageId"])

    def bodies(self, output: str) -> list[Any]:
        messages = self.sqs.receive_message(QueueUrl=self.outputs[output], MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111122223333")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setattr("trailbell.cli.dlq.queues.QUIET_SECONDS", 0)
    with mock_aws():
        made = World()
        monkeypatch.setattr(Aws, "stack_outputs", lambda *_: made.outputs)
        monkeypatch.setattr(Aws, "client", lambda _, service: made.clients[service])
        yield made


def dlq(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["dlq", *arguments], catch_exceptions=False)


def listed(*arguments: str) -> list[dict[str, Any]]:
    result = dlq("list", "--format", "json", *arguments)
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize(
    ("queue", "body", "attributes", "what", "why", "way"),
    [
        ("Detector", FAILED, {}, "RunInstances (e-1)", "the event has no detail", "detector"),
        ("Detector", FAILED | {"responsePayload": None}, {}, "RunInstances (e-1)", "RetriesExhausted", "detector"),
        ("Detector", FAILED | {"requestPayload": "text"}, {}, "an event without a CloudTrail record", "the event has no detail", "detector"),
        ("Detector", pack(EVENT, "RecordError: too deep"), {}, "RunInstances (e-1)", "RecordError: too deep", "detector"),
        ("Detector", {"packedEvent": "no", "reason": "x"}, {}, "36 characters that are no letter of Detector", NO_REASON, None),
        ("Filter", EVENT, {"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "denied"}, "RunInstances (e-1)", "NO_PERMISSIONS: denied", "detector"),
        ("Slack", ALERT, {"reason": '"channel_not_found"'}, f"medium: {TITLE} ({ALERT['id']})", "channel_not_found", "queue"),
        ("Teams", ALERT, {}, f"medium: {TITLE} ({ALERT['id']})", NO_REASON, "queue"),
        ("Slack", ALERT, {"reason": '"cut' + "x" * 100}, f"medium: {TITLE} ({ALERT['id']})", "cut" + "x" * 100, "queue"),
        ("Slack", DIGEST, {"reason": '"gone"'}, "digest of slack, 2026-11-23T17:58:00Z", "gone", "queue"),
        ("Windows", TIMER, {}, f"follow-up of {TITLE} ({ALERT['id']})", NO_REASON, "table"),
        ("Windows", DIGEST, {}, "digest of slack, 2026-11-23T17:58:00Z", NO_REASON, "table"),
        ("Slack", "no json", {"reason": '"not an alert"'}, "7 characters that are no letter of Slack", "not an alert", None),
        ("Windows", [], {}, "2 characters that are no letter of Windows", NO_REASON, None),
        ("Detector", "{}", {}, "2 characters that are no letter of Detector", NO_REASON, None),
    ],
)  # fmt: skip
def test_a_letter_says_what_failed_and_why(
    queue: str, body: Any, attributes: dict[str, str], what: str, why: str, way: str | None
) -> None:
    message = {
        "MessageId": "m-1",
        "ReceiptHandle": "handle",
        "Body": body if isinstance(body, str) else json.dumps(body),
        "Attributes": {"SentTimestamp": "1700000000000"},
        "MessageAttributes": {name: {"StringValue": value} for name, value in attributes.items()},
    }
    letter = read_letter(queue, message)
    assert (letter.what, letter.why, letter.way) == (what, why, way)
    assert letter.sent.isoformat() == "2023-11-14T22:13:20+00:00"


def test_reading_takes_nothing_out_of_the_queues(world: World) -> None:
    for number in range(25):
        world.put("Slack", {**ALERT, "id": f"alert-{number}"}, reason='"invalid_auth"')
    for _ in range(2):
        found = listed("--queue", "Slack")
        assert len({letter["id"] for letter in found}) == 25
        assert {letter["why"] for letter in found} == {"invalid_auth"}


def test_what_is_beyond_the_limit_is_counted(world: World) -> None:
    for number in range(3):
        world.put("Slack", {**ALERT, "id": f"alert-{number}"})
    for form in ("text", "json"):
        result = dlq("list", "--limit", "2", "--format", form)
        assert "Slack: about 1 more letter" in result.stderr
        assert "2 dead letters in 4 queues" in result.stderr


def test_letters_go_back_to_where_they_came_from(world: World) -> None:
    world.put("Detector", FAILED)
    world.put("Detector", pack(EVENT, "x"))
    world.put("Filter", EVENT)
    world.put("Slack", ALERT, reason='"x"')
    world.put("Windows", TIMER)
    world.put("Windows", DIGEST)
    result = dlq("redrive", "--yes")
    assert result.exit_code == 0, result.stderr
    assert world.lambda_.payloads == [EVENT, EVENT, EVENT]
    assert world.bodies("SlackQueueUrl") == [ALERT]
    due = {(item["id"], item["entry"]): json.loads(item["due_body"]) for item in items(WINDOWS) if "due_at" in item}
    assert set(due) == {("k", f"due#{ALERT['event']['id']}"), ("brake#slack#2026-11-23T17:58:00Z", "head")}
    assert due["k", f"due#{ALERT['event']['id']}"]["timer"] == TIMER["timer"]
    assert due["brake#slack#2026-11-23T17:58:00Z", "head"] == DIGEST
    assert listed() == []


def test_what_cannot_be_sent_back_stays_and_is_told(world: World) -> None:
    world.put("Slack", "no json", reason='"not an alert"')
    world.put("Slack", ALERT, reason='"x"')
    result = dlq("redrive", "--yes")
    assert result.exit_code == 1
    assert "Slack: 1 sent back, 1 could not be." in result.stderr
    (left,) = listed()
    assert left["can_be_sent_back"] is False


def refuse(**_: Any) -> None:
    raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, "Invoke")


def test_a_letter_that_aws_refuses_stays_and_the_others_are_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("Detector", FAILED)
    world.put("Slack", ALERT)
    monkeypatch.setattr(world.lambda_, "invoke", refuse)
    result = dlq("redrive", "--yes")
    assert result.exit_code == 1
    assert "Rate exceeded" in result.stderr
    assert "Detector: 0 sent back, 1 could not be." in result.stderr
    assert world.bodies("SlackQueueUrl") == [ALERT]
    (left,) = listed()
    assert (left["queue"], left["can_be_sent_back"]) == ("Detector", True)


def test_a_follow_up_that_the_table_does_not_take_stays_and_is_told(world: World) -> None:
    world.put("Windows", TIMER)
    world.put("Windows", {**TIMER, "timer": {}})
    boto3.client("dynamodb").delete_table(TableName=WINDOWS)
    result = dlq("redrive", "--yes")
    assert result.exit_code == 1
    assert "Windows: 0 sent back, 2 could not be." in result.stderr
    assert "DynamoDB table windows did not answer" in result.stderr
    assert "Not a pending follow-up" in result.stderr
    assert len(listed()) == 2


def test_letters_that_came_meanwhile_stay_and_are_seen_by_others_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        world.put("Slack", {**ALERT, "id": f"alert-{number}"})
    # As if it had begun before any of them came.
    monkeypatch.setattr("trailbell.cli.dlq.queues.CLOCK_SKEW", timedelta(days=-1))
    assert "Slack: 0 sent back, 4 came meanwhile and stay." in dlq("redrive", "--yes").stderr
    assert len(listed()) == 4


def test_a_letter_that_is_received_again_is_one_letter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        world.put("Slack", {**ALERT, "id": f"alert-{number}"})
    # As if reading took longer than letters are hidden.
    monkeypatch.setattr("trailbell.cli.dlq.queues.HELD_SECONDS", 0)
    monkeypatch.setattr("trailbell.cli.dlq.queues.BATCH", 2)
    ids = [letter["id"] for letter in listed()]
    assert len(ids) == len(set(ids)) > 0


def test_an_id_that_no_letter_has_is_told(world: World) -> None:
    for options in (["--yes"], ["--dry-run"]):
        for _ in range(2):  # without any letter, and with one
            result = dlq("redrive", "--id", "nobody", *options)
            assert result.exit_code == 1
            assert "No dead letter has the id nobody." in result.stderr
            world.put("Slack", ALERT)
    assert world.bodies("SlackQueueUrl") == []


def test_a_dry_run_tells_only_of_the_wanted_letters_and_what_cannot_go(world: World) -> None:
    first = world.put("Slack", ALERT)
    world.put("Slack", "no json")
    assert "Slack: 1 letter.\n" in dlq("redrive", "--dry-run", "--id", first).stderr
    assert "Slack: 2 letters, 1 of them cannot be sent back.\n" in dlq("redrive", "--dry-run").stderr
    assert len(listed()) == 2


def test_single_letters_can_be_sent_back(world: World) -> None:
    first = world.put("Slack", {**ALERT, "id": "first"})
    world.put("Slack", {**ALERT, "id": "second"})
    assert dlq("redrive", "--yes", "--id", first).exit_code == 0
    assert [alert["id"] for alert in world.bodies("SlackQueueUrl")] == ["first"]
    assert len(listed()) == 1


def test_a_letter_that_fails_anew_at_once_is_not_sent_in_circles(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("Detector", FAILED)
    invocations: list[Any] = []

    def invoke(**_: Any) -> None:
        invocations.append(1)
        assert len(invocations) < 50
        world.put("Detector", FAILED)

    monkeypatch.setattr(world.lambda_, "invoke", invoke)
    dlq("redrive", "--yes")
    assert len(invocations) == 1
    assert len(listed()) == 1


def test_a_dry_run_and_a_no_send_nothing(world: World) -> None:
    world.put("Slack", ALERT)
    assert "Slack: 1 letter." in dlq("redrive", "--dry-run").stderr
    refused = CliRunner().invoke(app, ["dlq", "redrive"], input="n\n")
    assert refused.exit_code == 1
    assert world.bodies("SlackQueueUrl") == []


@pytest.mark.usefixtures("world")
def test_a_queue_that_is_not_there_is_told_with_those_that_are() -> None:
    result = dlq("list", "--queue", "Slak")
    assert result.exit_code == 1
    assert "There is no dead-letter queue Slak. There are Detector, Filter, Slack, Windows." in result.stderr
