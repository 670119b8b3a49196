import boto3
import pytest

from trailbell.functions.notifier.queue import Queue


@pytest.fixture
def urls() -> tuple[str, str]:
    sqs = boto3.client("sqs")
    return sqs.create_queue(QueueName="slack")["QueueUrl"], sqs.create_queue(QueueName="dead")["QueueUrl"]


def test_a_postponed_message_stays_hidden_for_as_long(urls: tuple[str, str]) -> None:
    url, dead_letters_url = urls
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="alert")
    taken = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"][0]

    Queue(url=url, dead_letters_url=dead_letters_url).postpone(taken["ReceiptHandle"], 60)

    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"])
    assert attributes["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "1"


def test_a_wait_beyond_sqss_limit_is_cut_to_it(urls: tuple[str, str]) -> None:
    url, dead_letters_url = urls
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="alert")
    taken = sqs.receive_message(QueueUrl=url)["Messages"][0]
    Queue(url=url, dead_letters_url=dead_letters_url).postpone(taken["ReceiptHandle"], 10**6)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_buried_message_is_whole_and_carries_the_reason(urls: tuple[str, str]) -> None:
    url, dead_letters_url = urls
    Queue(url=url, dead_letters_url=dead_letters_url).bury('{"id": "1"}', "channel_not_found\n")
    dead = boto3.client("sqs").receive_message(QueueUrl=dead_letters_url, MessageAttributeNames=["All"])["Messages"][0]
    assert dead["Body"] == '{"id": "1"}'
    assert dead["MessageAttributes"]["reason"]["StringValue"] == '"channel_not_found\\n"'
