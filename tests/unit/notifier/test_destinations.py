"""What each destination sends, where it refuses to send, and what an answer means."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from tests.unit.alerts import run_instances_alert
from trailbell.destinations.pagerduty import HOSTS, PagerDuty
from trailbell.destinations.security_hub import SecurityHub
from trailbell.destinations.teams import Teams
from trailbell.destinations.topic import Topics
from trailbell.destinations.transport import web
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.destinations.transport.web import Answer
from trailbell.destinations.webhook import Webhook
from trailbell.errors import DeliveryError
from trailbell.formats.document import from_document

ALERT = run_instances_alert()
KEY = base64.b64encode(b"k" * 32).decode()
WEBHOOK_SECRET = {"url": "https://siem.example.com/in", "signing_key": f"whsec_{KEY}"}


class FakeWeb:
    """Remembers what was posted, and answers as told."""

    def __init__(self) -> None:
        self.answer = Answer(status=200, text="")
        self.posts: list[tuple[str, bytes, Mapping[str, str]]] = []

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.posts.append((url, body, headers))
        return self.answer


@pytest.fixture
def fake_web(monkeypatch: pytest.MonkeyPatch) -> FakeWeb:
    fake = FakeWeb()
    monkeypatch.setattr(web, "post", fake.post)
    return fake


def secret(content: Any) -> Callable[[], str]:
    return lambda: content if isinstance(content, str) else json.dumps(content)


def webhook(content: Any = WEBHOOK_SECRET, endpoint: str | None = None) -> Webhook:
    return Webhook(read_secret=secret(content), host="siem.example.com", endpoint=endpoint, clock=lambda: 1_700_000_000)


def test_a_webhook_gets_the_whole_alert_signed(fake_web: FakeWeb) -> None:
    assert webhook().send(ALERT, "") == DELIVERED
    ((url, body, headers),) = fake_web.posts
    assert url == WEBHOOK_SECRET["url"]
    assert from_document(json.loads(body)) == ALERT
    signed = f"{ALERT.id}.1700000000.".encode() + body
    expected = base64.b64encode(hmac.digest(b"k" * 32, signed, hashlib.sha256)).decode()
    assert headers == {
        "webhook-id": ALERT.id,
        "webhook-timestamp": "1700000000",
        "webhook-signature": f"v1,{expected}",
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://siem.example.com/in",
        "https://siem.example.com.evil.example/in",
        "https://siem.example.com@evil.example/in",
        "https://siem.example.com:8443/in",
        "https://evil.example/in",
        "file:///etc/passwd",
        "https://[::1",
    ],
)
def test_a_webhook_goes_to_no_host_but_the_configs(url: str, fake_web: FakeWeb) -> None:
    with pytest.raises(DeliveryError, match=r"destinations\.webhook\.host") as refused:
        webhook(WEBHOOK_SECRET | {"url": url}).send(ALERT, "")
    assert url not in str(refused.value)
    assert fake_web.posts == []


def test_a_stand_in_is_allowed_where_the_deployment_names_it(fake_web: FakeWeb) -> None:
    local = WEBHOOK_SECRET | {"url": "http://127.0.0.1:8080/in"}
    assert webhook(local, endpoint="http://127.0.0.1:8080").send(ALERT, "") == DELIVERED
    assert len(fake_web.posts) == 1


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", {"url": ""}, {"url": ["SECRET"]}, {"url": "https://siem.example.com/SECRET"}]
)
@pytest.mark.parametrize("make", [
    webhook,
    lambda content: Teams(read_secret=secret(content), endpoint=None),
    lambda content: PagerDuty(read_secret=secret(content), endpoint=HOSTS["us"]),
])  # fmt: skip
def test_an_empty_or_broken_secret_is_told_and_never_quoted(
    make: Callable[[Any], Any], content: Any, fake_web: FakeWeb
) -> None:
    with pytest.raises(DeliveryError) as refused:
        make(content).send(ALERT, "")
    assert "SECRET" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert fake_web.posts == []


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://prod-12.westeurope.logic.azure.com:443/workflows/x/triggers/manual?sig=s", True),
        ("https://default1.2.environment.api.powerplatform.com/powerautomate/automations/x", True),
        ("https://logic.azure.com.evil.example/x", False),
        ("https://evil.example/?.logic.azure.com/", False),
        ("http://prod-12.westeurope.logic.azure.com/x", False),
    ],
)
def test_a_card_goes_to_power_automate_only(url: str, allowed: bool, fake_web: FakeWeb) -> None:  # noqa: FBT001 - a column of the table
    teams = Teams(read_secret=secret({"url": url}), endpoint=None)
    if not allowed:
        with pytest.raises(DeliveryError, match="Power Automate"):
            teams.send(ALERT, "")
        return
    assert teams.send(ALERT, "") == DELIVERED
    ((posted_to, body, _),) = fake_web.posts
    assert posted_to == url
    assert json.loads(body)["attachments"][0]["content"]["type"] == "AdaptiveCard"


def test_pagerduty_gets_an_event_with_the_routing_key(fake_web: FakeWeb) -> None:
    fake_web.answer = Answer(status=202, text='{"status": "success"}')
    pagerduty = PagerDuty(read_secret=secret({"routing_key": "0" * 32}), endpoint=HOSTS["eu"])
    assert pagerduty.send(ALERT, "") == DELIVERED
    ((url, body, _),) = fake_web.posts
    assert url == "https://events.eu.pagerduty.com/v2/enqueue"
    assert json.loads(body)["routing_key"] == "0" * 32


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(status=204, text=""), DELIVERED),
        (Answer(status=429, text="", retry_after_seconds=7), Outcome(kind="try-later", reason="HTTP 429", retry_after_seconds=7)),
        (Answer(status=408, text=""), Outcome(kind="try-later", reason="HTTP 408")),
        (Answer(status=502, text="bad gateway"), Outcome(kind="try-later", reason="HTTP 502 bad gateway")),
        (Answer(status=0, text="TimeoutError: it could not be reached"), Outcome(kind="try-later", reason="TimeoutError: it could not be reached")),
        (Answer(status=410, text="gone"), Outcome(kind="refused", reason="HTTP 410 gone")),
    ],
)  # fmt: skip
def test_an_answer_tells_whether_to_come_back(answer: Answer, outcome: Outcome, fake_web: FakeWeb) -> None:
    fake_web.answer = answer
    assert webhook().send(ALERT, "") == outcome


class FakeSecurityHub:
    """Takes findings, or answers as told."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.findings: list[Any] = []
        self.meta = SimpleNamespace(region_name="eu-west-1")

    def batch_import_findings(self, *, Findings: list[Any]) -> Any:  # noqa: N803 - boto3's name
        self.findings += Findings
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def refused(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "x"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "BatchImportFindings")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"FailedCount": 0, "SuccessCount": 1}, DELIVERED),
        (
            {"FailedCount": 1, "FailedFindings": [{"Id": "1", "ErrorCode": "InvalidInput", "ErrorMessage": "x"}]},
            Outcome(kind="refused", reason="InvalidInput"),
        ),
        (refused("ThrottlingException"), Outcome(kind="try-later", reason="ThrottlingException")),
        (refused("Odd", 503), Outcome(kind="try-later", reason="Odd")),
        (refused("InvalidAccessException"), Outcome(kind="refused", reason="InvalidAccessException")),
        (
            EndpointConnectionError(endpoint_url="https://x"),
            Outcome(kind="try-later", reason="EndpointConnectionError: it could not be reached"),
        ),
    ],
)
def test_security_hub_takes_a_finding_or_says_why_not(answer: Any, outcome: Outcome) -> None:
    hub = SecurityHub(account_id="111122223333", partition="aws")
    client = FakeSecurityHub(answer)
    hub.__dict__["_client"] = client
    assert hub.send(ALERT, "") == outcome
    assert [item["Id"] for item in client.findings] == [ALERT.id]
    assert client.findings[0]["ProductArn"].startswith("arn:aws:securityhub:eu-west-1:111122223333:")


@mock_aws
def test_a_topic_of_ones_own_gets_what_the_alerts_topic_got(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    arn = sns.create_topic(Name="pager")["TopicArn"]
    url = sqs.create_queue(QueueName="pager")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})

    topics = Topics(arns={"pager": arn, "gone": f"{arn}-gone"}, https_format="json")

    assert topics.send(ALERT, "pager") == DELIVERED
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    body = json.loads(message["Body"])
    assert from_document(body if "id" in body else json.loads(body["default"])) == ALERT
    assert topics.send(ALERT, "gone").kind == "refused"
    assert topics.send(ALERT, "other") == Outcome(kind="refused", reason="destinations.topics has no other")
