"""A storm: past a destination's budget, alerts come as one digest a minute, and none is lost."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from localaws.deployment import Deployment, policy_for_sns, receive
from tests.e2e.conftest import STORM_BUDGET, read_event

pytestmark = pytest.mark.e2e

ALERTS = 8
MINUTE_SECONDS = 60
SECONDS_FOR_THE_STORM = 20


def await_the_start_of_a_minute() -> None:
    """Wait until a storm fits into what is left of this minute."""
    seconds = datetime.now(UTC).second
    if seconds > MINUTE_SECONDS - SECONDS_FOR_THE_STORM:
        time.sleep(MINUTE_SECONDS - seconds + 1)


def subscribe(deployment: Deployment) -> tuple[Any, str]:
    """Make the topic that the config names, and a queue that gets what it sends."""
    sqs, sns = deployment.aws.client("sqs"), deployment.aws.client("sns")
    topic_arn = sns.create_topic(Name="storm")["TopicArn"]
    url = sqs.create_queue(QueueName="storm")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for_sns(arn, topic_arn)})
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
    return sqs, url


def test_past_the_budget_alerts_come_as_one_digest_and_none_is_lost(deployment: Deployment) -> None:
    sqs, url = subscribe(deployment)
    await_the_start_of_a_minute()
    sent = {str(uuid.uuid4()) for _ in range(ALERTS)}
    record = read_event("run-instances-iam-user", eventName="DeleteSSHPublicKey", eventSource="iam.amazonaws.com")
    for event_id in sent:
        deployment.put_record(record | {"eventID": event_id})

    single: list[dict[str, Any]] = []
    folded: list[dict[str, Any]] = []
    while len(single) + len(folded) < ALERTS:
        # The digest: by the sweep after the minute's end, which the schedule makes.
        body = receive(sqs, url, 3 * MINUTE_SECONDS)
        assert body is not None, (len(single), len(folded))
        document = json.loads(json.loads(body)["Message"])
        if document.get("kind") == "digest":
            assert document["destination"] == "topic/storm"
            assert document["count"] == len(document["alerts"])
            folded += document["alerts"]
        else:
            single.append(document)

    assert (len(single), len(folded)) == (STORM_BUDGET, ALERTS - STORM_BUDGET)
    assert {alert["event"]["id"] for alert in [*single, *folded]} == sent
