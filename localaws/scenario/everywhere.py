"""An alert to every destination, and who counts what arrives: stand-ins over HTTP, and a topic's subscriber."""

import base64
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from localaws.deployment import Deployment, Subscriber, policy_for_sns
from localaws.ministack import MiniStack
from localaws.stand_ins.taker import Taker
from trailbell import examples
from trailbell.contract.names import SECRET_SUFFIX

TOPIC = "further"
_DESTINATIONS = ("email", "slack", "webhook", "teams", "pagerduty", "security-hub", f"topic/{TOPIC}")
PATHS = ("/services/T0LOCAL/B0LOCAL/slack", "/webhook", "/teams", "/v2/enqueue")
"""Where Slack, the webhook, Teams and PagerDuty get their messages."""
RULE: Mapping[str, Any] = {
    "id": "told-everywhere",
    "title": "A group was deleted",
    "severity": "high",
    "match": {"eventSource": ["iam.amazonaws.com"], "eventName": ["DeleteGroup"]},
}
ROUTE: Mapping[str, Any] = {"rule": ["told-everywhere"], "to": [*_DESTINATIONS]}
ARRIVAL_SECONDS = 60
_RECORD = examples.FOLDER / "run-instances-iam-user.json"


def destinations(account: str, home: str, endpoint: str) -> Mapping[str, Any]:
    """Return all destinations, on."""
    return {
        "email": ["soc@example.com"],
        "slack": {"enabled": True, "endpoint": endpoint},
        "topics": {TOPIC: f"arn:aws:sns:{home}:{account}:{TOPIC}"},
        "topics_alerts_per_minute": 20,
        "webhook": {"host": "alerts.example.com", "endpoint": endpoint},
        "teams": {"endpoint": endpoint},
        "pagerduty": {"endpoint": endpoint},
        "security_hub": {},
    }


def fill_secrets(deployment: Deployment, endpoint: str) -> None:
    """Do what the README tells to do after the first deployment."""
    contents = {
        "Slack": {"webhook_url": endpoint + PATHS[0]},
        "Webhook": {"url": endpoint + PATHS[1], "signing_key": "whsec_" + base64.b64encode(bytes(32)).decode()},
        "Teams": {"url": endpoint + PATHS[2]},
        "PagerDuty": {"routing_key": "0" * 32},
    }
    for name, content in contents.items():
        deployment.aws.client("secretsmanager").put_secret_value(
            SecretId=deployment.outputs[f"{name}{SECRET_SUFFIX}"], SecretString=json.dumps(content)
        )


def tell_everywhere(deployment: Deployment) -> None:
    """Put a call on the bus whose alert goes to every destination."""
    told = {"eventID": str(uuid.uuid4()), "eventSource": "iam.amazonaws.com", "eventName": "DeleteGroup"}
    deployment.put_record(json.loads(_RECORD.read_text(encoding="utf-8")) | told)


def listen(aws: MiniStack) -> Subscriber:
    """Make the topic that the config names, and a queue that gets what it is sent."""
    sqs, sns = aws.client("sqs"), aws.client("sns")
    topic = sns.create_topic(Name=TOPIC)["TopicArn"]
    url = sqs.create_queue(QueueName=TOPIC)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for_sns(arn, topic)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return Subscriber(sqs=sqs, url=url)


def await_everywhere(aws: MiniStack, taker: Taker, listener: Subscriber, wanted: int) -> Mapping[str, int]:
    """Return how many alerts each destination took: wait for so many."""
    end = time.monotonic() + ARRIVAL_SECONDS
    topic = 0

    def taken() -> Mapping[str, int]:
        findings = len(aws.client("securityhub").get_findings()["Findings"])
        return {**{path: taker.taken[path] for path in PATHS}, f"topic/{TOPIC}": topic, "Security Hub": findings}

    while time.monotonic() < end and min(taken().values()) < wanted:
        topic += listener.wait(1) is not None
    return taken()
