"""Lambda's guard against loops that run through a queue or a topic, in a local AWS of its own: nothing is deployed."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from localaws.deployment import policy_for_sns, receive
from localaws.ministack import MiniStack

INVOCATIONS = 16
TIMEOUT_SECONDS = 10
"""Of a function, and of its queue: a stopped message comes back, and is redriven, only after it."""
ACCOUNT = "111122223333"
ROLE = "loop"
SENDS_ITSELF = """
import json, os, boto3
def handler(event, context):
    print(json.dumps(event))
    if "QUEUE" in os.environ:
        boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="again")
    else:
        boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message="again")
"""
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    folder = tmp_path_factory.mktemp("guard")
    with MiniStack(account=ACCOUNT, region="us-east-1", log_file=folder / "ministack.log") as started:
        make_role(started)
        yield started


def make_role(aws: MiniStack) -> None:
    """Make the functions' role: it may do everything, for it is not permissions that are tried here."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam = aws.client("iam")
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(policy(trust)))
    iam.put_role_policy(RoleName=ROLE, PolicyName="everything", PolicyDocument=json.dumps(policy(everything)))


def policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def make_function(aws: MiniStack, name: str, **settings: Any) -> str:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", SENDS_ITSELF)
    arn: str = aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="index.handler",
        Role=f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
        Timeout=TIMEOUT_SECONDS,
        Code={"ZipFile": code.getvalue()},
        **settings,
    )["FunctionArn"]
    return arn


def make_queue(aws: MiniStack, name: str, **attributes: str) -> tuple[str, str]:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def feed_from_queue(aws: MiniStack, function: str, name: str) -> tuple[str, str, str]:
    """Return a queue's URL and ARN, and the URL of its dead-letter queue, whose messages come from one failure."""
    letters_url, letters = make_queue(aws, f"{name}-letters")
    redrive = json.dumps({"deadLetterTargetArn": letters, "maxReceiveCount": 1})
    url, arn = make_queue(aws, name, VisibilityTimeout=str(TIMEOUT_SECONDS), RedrivePolicy=redrive)
    aws.client("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=function, BatchSize=1)
    return url, arn, letters_url


def refused(aws: MiniStack, function: str) -> list[str]:
    return [line["reason"] for line in aws.refused() if line["resource"] == function]


def invocations(aws: MiniStack, name: str) -> int:
    logs = aws.client("logs")
    group = f"/aws/lambda/{name}"
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        return 0
    events = logs.filter_log_events(logGroupName=group)["events"]
    return sum(event["message"].startswith("START ") for event in events)


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_what_a_function_sends_to_its_own_queue_ends_as_a_dead_letter(aws: MiniStack) -> None:
    function = make_function(aws, "queue")
    url, _, letters = feed_from_queue(aws, function, "queue")
    aws.client("lambda").update_function_configuration(FunctionName="queue", Environment={"Variables": {"QUEUE": url}})
    aws.client("sqs").send_message(QueueUrl=url, MessageBody="first")

    assert receive(aws.client("sqs"), letters, 60) == "again"
    assert invocations(aws, "queue") == INVOCATIONS
    assert refused(aws, function) == [f"loop: invocation {INVOCATIONS + 1} of a chain"]


def test_what_a_function_publishes_to_its_own_topic_ends_as_a_dead_letter(aws: MiniStack) -> None:
    letters, letters_arn = make_queue(aws, "topic-letters")
    topic = aws.client("sns").create_topic(Name="topic")["TopicArn"]
    settings = {"Environment": {"Variables": {"TOPIC": topic}}, "DeadLetterConfig": {"TargetArn": letters_arn}}
    function = make_function(aws, "topic", **settings)
    aws.client("lambda").add_permission(
        FunctionName=function, StatementId="topic", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com"
    )
    aws.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
    aws.client("sns").publish(TopicArn=topic, Message="first")

    letter = json.loads(receive(aws.client("sqs"), letters, 60) or "{}")
    assert letter["requestPayload"]["Records"][0]["Sns"]["Message"] == "again"
    assert letter["responsePayload"]["errorType"] == "RecursiveInvocationException"
    assert invocations(aws, "topic") == INVOCATIONS
    assert len(refused(aws, function)) == 1


def test_a_chain_counts_through_topic_and_queue(aws: MiniStack) -> None:
    topic = aws.client("sns").create_topic(Name="both")["TopicArn"]
    function = make_function(aws, "both", Environment={"Variables": {"TOPIC": topic}})
    url, arn, _ = feed_from_queue(aws, function, "both")
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for_sns(arn, topic)})
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    aws.client("sns").publish(TopicArn=topic, Message="first")

    wait_until(lambda: bool(refused(aws, function)))
    assert invocations(aws, "both") == INVOCATIONS


def test_a_function_that_allows_loops_goes_on(aws: MiniStack) -> None:
    function = make_function(aws, "allowed")
    url, *_ = feed_from_queue(aws, function, "allowed")
    lambda_ = aws.client("lambda")
    lambda_.update_function_configuration(FunctionName="allowed", Environment={"Variables": {"QUEUE": url}})
    lambda_.put_function_recursion_config(FunctionName="allowed", RecursiveLoop="Allow")
    aws.client("sqs").send_message(QueueUrl=url, MessageBody="first")

    wait_until(lambda: invocations(aws, "allowed") > INVOCATIONS)
    assert refused(aws, function) == []
    lambda_.delete_function(FunctionName="allowed")


def test_sixteen_events_one_after_another_are_no_loop(aws: MiniStack) -> None:
    function = make_function(aws, "ends", Environment={"Variables": {"QUEUE": make_queue(aws, "unwatched")[0]}})
    url, *_ = feed_from_queue(aws, function, "ends")
    for _ in range(INVOCATIONS + 2):
        aws.client("sqs").send_message(QueueUrl=url, MessageBody="event")
    wait_until(lambda: invocations(aws, "ends") == INVOCATIONS + 2)
    assert refused(aws, function) == []
