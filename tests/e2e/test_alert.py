"""A record in at the bus, an alert out at the topic and in Slack."""

import json
import time
import uuid
from collections.abc import Callable
from statistics import median, quantiles

import pytest

from localaws.deployment import Deployment, Subscriber
from localaws.stand_ins.slack import SlackStandIn
from tests.e2e.conftest import new_launch, read_event

pytestmark = pytest.mark.e2e

ALERT_SECONDS = 30
SILENCE_SECONDS = 4
LAUNCHES = 100
FACTS = (
    "kodekloud",
    "629470242021",
    "70.175.135.47",
    "us-east-2",
    "i-0123456789abcdef0",
    "ami-036f5574583e16426",
    "Ohio-Key",
    "sg-00ca240f71292feb2",
    "subnet-d07cb873ce0ee06",
    "eni-0892be3483f983663",
    "vpc-0fd1744d0f9c0fe7a",
)
TYPES = {
    "AWS::EC2::Instance",
    "AWS::EC2::Ami",
    "AWS::EC2::KeyPair",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::VPC",
}


def test_a_launch_is_told_to_subscribers_and_to_slack(
    deployment: Deployment, subscriber: Subscriber, slack: SlackStandIn
) -> None:
    before = len(slack.delivered)
    record = new_launch()
    deployment.put_record(record)

    notification = subscriber.wait(ALERT_SECONDS)
    assert notification is not None
    alert = json.loads(notification["Message"])
    assert (alert["rule"]["id"], alert["severity"], alert["test"]) == ("ec2-instance-launched", "medium", True)
    assert alert["event"]["id"] == record["eventID"]
    assert alert["principal"]["mfa"] is False
    assert {resource["type"] for resource in alert["resources"]} == TYPES
    assert alert["event"]["url"].startswith("https://us-east-2.console.aws.amazon.com/cloudtrail")
    assert all(resource["url"] for resource in alert["resources"])
    assert [fact for fact in FACTS if fact not in notification["Message"]] == []
    assert notification["MessageAttributes"]["severity"] == {"Type": "String", "Value": "medium"}
    assert len(notification["Subject"]) < 100

    posted = json.dumps(slack.wait_for(before + 1, ALERT_SECONDS)[before].message)
    assert [fact for fact in FACTS if fact not in posted] == []


def test_a_record_that_no_rule_matches_is_not_told(
    deployment: Deployment, subscriber: Subscriber, slack: SlackStandIn
) -> None:
    before = len(slack.attempts)
    deployment.put_record(read_event("describe-instances-iam-user"))
    assert subscriber.wait(SILENCE_SECONDS) is None
    assert len(slack.attempts) == before


def test_the_forwarders_filters_are_the_hubs(deployment: Deployment) -> None:
    def patterns(region: str) -> list[str]:
        events = deployment.aws.client("events", region)
        # As values: filter sync, which has been at home already, writes patterns in a form of its own.
        return sorted(
            json.dumps(json.loads(rule["EventPattern"]), sort_keys=True)
            for kind in ("slot", "live")
            for rule in events.list_rules(NamePrefix=f"Trailbell-{kind}-")["Rules"]
            if rule["State"] != "DISABLED"
        )

    assert patterns("us-east-1") == patterns("us-east-2") != []


def test_filters_let_through_what_aws_puts_on_the_bus_and_no_forgery(deployment: Deployment) -> None:
    """PutEvents refuses `aws.` sources, as on AWS, so the deployed patterns are asked directly."""
    events = deployment.aws.client("events")
    patterns = [
        rule["EventPattern"]
        for page in events.get_paginator("list_rules").paginate()
        for rule in page["Rules"]
        if rule["State"] != "DISABLED" and "via CloudTrail" in rule.get("EventPattern", "")
    ]
    assert patterns

    def let_through(source: str) -> bool:
        envelope = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "source": source,
            "detail-type": "AWS API Call via CloudTrail",
            "account": "629470242021",
            "time": "2023-10-08T17:50:24Z",
            "region": "us-east-2",
            "resources": [],
            "detail": new_launch(),
        }
        answers = [events.test_event_pattern(EventPattern=p, Event=json.dumps(envelope))["Result"] for p in patterns]
        return any(answers)

    assert let_through("aws.ec2")
    assert not let_through("evil.ec2")


def test_putting_an_event_in_awss_name_is_refused(deployment: Deployment) -> None:
    entry = {"Source": "aws.ec2", "DetailType": "AWS API Call via CloudTrail", "Detail": json.dumps(new_launch())}
    answer = deployment.aws.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 1


def test_latency_from_bus_to_subscriber_is_printed(
    deployment: Deployment,
    subscriber: Subscriber,
    slack: SlackStandIn,
    record_property: Callable[[str, object], None],
) -> None:
    before, seconds = len(slack.delivered), []
    for _ in range(LAUNCHES):
        record = new_launch()
        start = time.monotonic()
        deployment.put_record(record)
        notification = subscriber.wait(ALERT_SECONDS)
        seconds.append(time.monotonic() - start)
        assert notification is not None
        assert json.loads(notification["Message"])["event"]["id"] == record["eventID"]
    high = quantiles(seconds, n=100, method="inclusive")[98]
    told = f"median {median(seconds):.3f} s, 99th percentile {high:.3f} s, of {LAUNCHES} in a row"
    record_property("PutEvents to subscriber, warm", told)
    # Slack is behind by now, and other tests count what it gets.
    slack.wait_for(before + LAUNCHES, LAUNCHES)
