"""Real calls: what a client does becomes a record, goes over the bus, and alerts with who did it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from localaws.deployment import Deployment, Subscriber, receive
from localaws.ministack import Key
from tests.e2e.conftest import ACCOUNT, REGION, User

pytestmark = pytest.mark.e2e

ALERT_SECONDS = 30
SILENCE_SECONDS = 6
IMAGE = "ami-0123456789abcdef0"


def alerts(subscriber: Subscriber) -> list[dict[str, Any]]:
    """Return the alerts that arrive: wait for one, and a while for more."""
    found: list[dict[str, Any]] = []
    while notification := subscriber.wait(SILENCE_SECONDS if found else ALERT_SECONDS):
        found.append(json.loads(notification["Message"]))
    return found


def session_of_a_role(user: User, name: str) -> Key:
    """Make a role that the account may assume, with every permission, and let the user assume it."""
    iam = user.aws.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    role = iam.create_role(RoleName=name, Path="/teams/", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps({"Statement": [everything]}))
    session = user.client("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="night-shift")["Credentials"]
    return Key(id=session["AccessKeyId"], secret=session["SecretAccessKey"], token=session["SessionToken"])


def test_a_launch_alerts_and_names_the_session_and_its_role(user: User, subscriber: Subscriber) -> None:
    ec2 = user.aws.client("ec2", key=session_of_a_role(user, "launcher"))
    launched = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType="t3.micro")
    (alert,) = alerts(subscriber)
    assert (alert["rule"]["id"], alert["test"]) == ("ec2-instance-launched", False)
    assert "TEST" not in alert["summary"]
    assert (alert["principal"]["type"], alert["principal"]["session_name"]) == ("AssumedRole", "night-shift")
    assert alert["principal"]["session_issuer"] == f"arn:aws:iam::{ACCOUNT}:role/teams/launcher"
    assert (alert["event"]["source"], alert["event"]["region"]) == ("ec2.amazonaws.com", REGION)
    assert launched["Instances"][0]["InstanceId"] in {resource["id"] for resource in alert["resources"]}


def test_an_event_of_iam_alerts_at_home_once_through_the_forwarder(user: User, subscriber: Subscriber) -> None:
    user.client("iam").create_user(UserName=f"{user.name}-made")
    (alert,) = alerts(subscriber)
    assert (alert["rule"]["id"], alert["test"]) == ("iam-user-created", False)
    assert (alert["event"]["region"], alert["event"]["source"]) == ("us-east-1", "iam.amazonaws.com")
    assert (alert["principal"]["type"], alert["principal"]["user_name"]) == ("IAMUser", user.name)


@contextmanager
def listening(deployment: Deployment, user: User, state: str) -> Iterator[str]:
    """Send what the user does to a queue, by a rule in that state; yields the queue's address."""
    sqs, events = deployment.aws.client("sqs"), deployment.aws.client("events")
    name = f"{user.name}-{state.lower()[:20]}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
    service = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [{**service, "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    pattern = {"source": [{"prefix": "aws."}], "detail": {"userIdentity": {"userName": [user.name]}}}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern), State=state)
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    yield url
    events.remove_targets(Rule=name, Ids=["queue"])
    events.delete_rule(Name=name)


def test_a_read_only_event_reaches_the_rules_that_ask_for_it(deployment: Deployment, user: User) -> None:
    with (
        listening(deployment, user, "ENABLED") as plain,
        listening(deployment, user, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") as everything,
    ):
        user.client("sqs").list_queues()
        user.client("sqs").create_queue(QueueName=f"{user.name}-written")
        names = []
        for url in (plain, everything):
            sqs = deployment.aws.client("sqs")
            while body := receive(sqs, url, SILENCE_SECONDS):
                names.append((url == plain, json.loads(body)["detail"]["eventName"]))
    assert names == [(True, "CreateQueue"), (False, "ListQueues"), (False, "CreateQueue")]


def test_stopping_the_trail_is_told_and_what_follows_is_not(user: User, subscriber: Subscriber) -> None:
    trails = user.client("cloudtrail")
    (trail,) = [each["TrailARN"] for each in trails.describe_trails()["trailList"]]
    trails.stop_logging(Name=trail)
    try:
        user.client("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType="t3.micro")
        (alert,) = alerts(subscriber)
    finally:
        trails.start_logging(Name=trail)
    assert (alert["rule"]["id"], alert["severity"], alert["event"]["name"]) == (
        "cloudtrail-stopped",
        "critical",
        "StopLogging",
    )
    assert alert["principal"]["user_name"] == user.name
