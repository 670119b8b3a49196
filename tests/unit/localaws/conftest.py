"""MiniStack in this process with parts of the strict layer in it, and boto3 clients that reach it without a network."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from ministack import app
from ministack.services import (
    appconfig,
    cloudformation,
    cloudtrail,
    cloudwatch,
    cloudwatch_logs,
    dynamodb,
    eventbridge,
    iam,
    lambda_svc,
    s3,
    secretsmanager,
    sqs,
    sts,
)

from localaws.strict import buses, records
from localaws.strict.records import recorder

ACCOUNT = "111122223333"
HOME = "us-east-2"
EVERYTHING = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_PATCHED: tuple[ModuleType, ...] = (app, eventbridge)
_SERVICES = (
    cloudformation, appconfig, cloudtrail, cloudwatch, cloudwatch_logs, dynamodb, eventbridge, iam, lambda_svc, s3,
    secretsmanager, sqs, sts,
)  # fmt: skip

Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Leave nothing of one test to the next."""
    yield
    for service in _SERVICES:
        service.reset()


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Return a maker of boto3 clients of a MiniStack with nothing in it yet, but for the parts of the strict layer."""
    before = [(module, dict(vars(module))) for module in _PATCHED]
    monkeypatch.setenv("MINISTACK_ACCOUNT_ID", ACCOUNT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    buses.install()
    records.install()
    yield make_client
    recorder.flush()
    for module, variables in before:
        vars(module).update(variables)


def make_client(service: str, region: str = HOME, *, key: str = ACCOUNT, **more: Any) -> Any:
    """Return a client, by default root's, whose requests go straight to MiniStack's application."""
    made = boto3.client(
        service,  # type: ignore[call-overload] # any service; the stubs want a literal
        region_name=region,
        endpoint_url="http://127.0.0.1",
        **{"aws_access_key_id": key, "aws_secret_access_key": "local"} | more,
    )
    made.meta.events.register("before-send", _answer)
    return made


class Queue:
    """The target of a rule, and what it got."""

    def __init__(self, client: Client, name: str, region: str, account: str) -> None:
        self._sqs = client("sqs", region, key=account)
        self.url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        self.arn = f"arn:aws:sqs:{region}:{account}:{name}"

    def messages(self) -> list[dict[str, Any]]:
        """Take what is there once all calls so far are recorded."""
        recorder.flush()
        found: list[dict[str, Any]] = []
        # Not for ever: were reading recorded, there would always be one more.
        for _ in range(5):
            batch = self._sqs.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
            ).get("Messages", [])
            found += batch
            for message in batch:
                self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def events(self) -> list[dict[str, Any]]:
        """Take the events that are there."""
        return [json.loads(message["Body"]) for message in self.messages()]

    def records(self) -> list[dict[str, Any]]:
        """Take the records in them."""
        return [event["detail"] for event in self.events()]


def rule_to_queue(
    client: Client,
    name: str,
    *,
    region: str = HOME,
    account: str = ACCOUNT,
    state: str = EVERYTHING,
    source: Any = None,
) -> Queue:
    """Make a rule of the default bus that sends every event of AWS, or of `source`, to a queue of the same name."""
    queue = Queue(client, name, region, account)
    put_rule(client, name, queue.arn, region=region, account=account, state=state, source=source)
    queue.events()
    return queue


def put_rule(
    client: Client,
    name: str,
    target: str,
    *,
    region: str = HOME,
    account: str = ACCOUNT,
    state: str = EVERYTHING,
    source: Any = None,
    **more: Any,
) -> None:
    """Make a rule of the default bus with one target."""
    events = client("events", region, key=account)
    events.put_rule(Name=name, EventPattern=json.dumps({"source": source or [{"prefix": "aws."}]}), State=state)
    events.put_targets(Rule=name, Targets=[{"Id": "target", "Arn": target, **more}])


def start_trail(client: Client, region: str = HOME, **options: Any) -> Any:
    """Make a trail `main` that logs, by default of all regions, and return the client that made it."""
    trails = client("cloudtrail", region)
    trails.create_trail(**{"Name": "main", "S3BucketName": "trail", "IsMultiRegionTrail": True} | options)
    trails.start_logging(Name="main")
    return trails


def _answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
    address = urlsplit(request.url or "")
    body: Any = request.body or b""
    content = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), _encoded(value)) for name, value in request.headers.items()]
    scope = {
        "type": "http",
        "method": request.method,
        "path": unquote(address.path) or "/",
        "query_string": address.query.encode(),
        "headers": [(b"host", b"127.0.0.1"), *headers],
        "client": ("198.51.100.7", 1),
        "scheme": "http",
    }
    asyncio.run(app.app(scope, receive, send))
    answered = b"".join(message.get("body", b"") for message in sent[1:])
    answer_headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return AWSResponse(request.url or "", sent[0]["status"], answer_headers, _Raw(answered))  # type: ignore[arg-type]


def _encoded(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


class _Raw(io.BytesIO):
    """What botocore takes an answer's body from, as urllib3 gives it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()
