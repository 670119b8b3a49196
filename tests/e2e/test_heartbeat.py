"""The heartbeat through the deployed filter and detector to its topic; people do not hear of it."""

import json

import pytest

from localaws.deployment import Deployment, Subscriber
from localaws.stand_ins.slack import SlackStandIn
from tests.e2e.conftest import new_launch
from trailbell.contract.names import Output
from trailbell.infra.watching.heartbeat import entry

pytestmark = pytest.mark.e2e

SECONDS = 60


def test_a_heartbeat_arrives_at_its_topic_and_bothers_nobody(
    deployment: Deployment, slack: SlackStandIn, subscriber: Subscriber
) -> None:
    attempts, delivered = len(slack.attempts), len(slack.delivered)
    with deployment.subscriber(Output.HEARTBEAT_TOPIC_ARN) as heartbeats:
        answer = deployment.aws.client("events").put_events(Entries=[entry()])
        assert answer["FailedEntryCount"] == 0
        beat = heartbeats.wait(SECONDS)
    assert beat is not None
    assert json.loads(beat["Message"])["kind"] == "heartbeat"
    # What comes after it is the first that people get.
    record = new_launch()
    deployment.put_record(record)
    alert = subscriber.wait(SECONDS)
    assert alert is not None
    assert json.loads(alert["Message"])["event"]["id"] == record["eventID"]
    slack.wait_for(delivered + 1, SECONDS)
    assert [record["eventID"] in json.dumps(attempt.message) for attempt in slack.attempts[attempts:]] == [True]
