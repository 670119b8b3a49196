"""A notifier that dies: at every step the alert is delivered after the retry, twice only where Slack had it already."""

import json
from typing import Any

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from tests.integration.processes import Killed, dying
from tests.integration.tables import CLAIMS, end_claims, make_tables
from tests.unit.alerts import run_instances_alert
from tests.unit.invocation import left
from trailbell.alert import Alert
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.errors import DeliveryError
from trailbell.formats.digest import Digest
from trailbell.formats.document import to_document
from trailbell.functions.notifier import notifier as module
from trailbell.functions.notifier.notifier import Notifier
from trailbell.functions.notifier.queue import Queue
from trailbell.tables.claims import Claims
from trailbell.tables.dynamodb import DynamoDb

LEFT_SECONDS = 3_600
"""Until the claim of a dead notifier ends by itself: the next one finds it, however busy the machine is."""
STEPS = {
    "before the claim": ("claim", "before", 1),
    "after the claim": ("claim", "after", 1),
    "before the post": ("post", "before", 1),
    "after the post": ("post", "after", 2),
    "after completing": ("complete", "after", 1),
}
"""Where the process dies -> how often the alert is posted."""


class Channel:
    """Takes what is posted."""

    def __init__(self) -> None:
        self.posted: list[str] = []

    def send(self, alert: Alert, label: str) -> Outcome:
        self.posted.append(alert.id + label)
        return DELIVERED

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        pytest.fail(f"no brake, no digest: {digest} {label}")


class PatientQueue(Queue):
    """Lets messages come back when the test says."""

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        """Do nothing: the test delivers again by itself."""


@pytest.mark.parametrize("step", STEPS)
def test_a_notifier_killed_at_any_step_delivers_after_the_retry(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tables(CLAIMS)
    monkeypatch.setattr(module, "LONGEST_DELIVERY_SECONDS", 0)
    place, when, expected = STEPS[step]
    channel, dynamodb = Channel(), DynamoDb()
    claims = Claims(CLAIMS, dynamodb, kind="delivery", sleep=lambda _: None)
    notifier = Notifier(
        kind="slack",
        destination=channel,
        queue=PatientQueue(url="", dead_letters_url=""),
        once=claims.once,
        metrics=Metrics(namespace="test", service="test"),
    )
    targets: dict[str, tuple[Any, str]] = {
        "claim": (dynamodb.client, "put_item"),
        "post": (channel, "send"),
        "complete": (claims._table, "save_success"),
    }
    with monkeypatch.context() as patch:
        owner, name = targets[place]
        patch.setattr(owner, name, dying(getattr(owner, name), when))
        with pytest.raises(Killed):
            deliver(notifier)
    if step in {"after the claim", "before the post", "after the post"}:
        with pytest.raises(DeliveryError, match="being worked on by another attempt"):
            deliver(notifier)
    end_claims()
    deliver(notifier)
    deliver(notifier)
    assert len(channel.posted) == expected


def deliver(notifier: Notifier) -> None:
    body = json.dumps(to_document(run_instances_alert()))
    record = SQSRecord({"body": body, "receiptHandle": "x", "attributes": {"ApproximateReceiveCount": "1"}})
    notifier.deliver(record, left(LEFT_SECONDS))
