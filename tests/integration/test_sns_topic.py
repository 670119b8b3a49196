import json

import boto3
import pytest

from tests.unit.alerts import run_instances_alert
from trailbell.errors import DeliveryError
from trailbell.outbox.sns_topic import SnsTopic


def test_a_published_alert_reaches_a_queue_with_its_attributes() -> None:
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    url = sqs.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    alert = run_instances_alert()

    SnsTopic(topic, https_format="json").publish(alert)

    notification = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])
    assert notification["MessageAttributes"]["rule"] == {"Type": "String", "Value": "test-rule"}
    assert notification["MessageAttributes"]["severity"] == {"Type": "String", "Value": "medium"}
    assert json.loads(notification["Message"])["id"] == alert.id


def test_a_topic_that_does_not_take_the_alert_is_told() -> None:
    topic = SnsTopic("arn:aws:sns:us-east-2:123456789012:missing", https_format="json")
    with pytest.raises(DeliveryError, match="arn:aws:sns:us-east-2:123456789012:missing did not take alert"):
        topic.publish(run_instances_alert())
