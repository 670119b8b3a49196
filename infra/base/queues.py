"""Queues as Trailbell uses them: encrypted, TLS only, and dead-letter queues that keep what fails for 14 days."""

from aws_cdk import Duration, aws_sqs
from constructs import Construct

from trailbell.contract.retention import DEAD_LETTERS_DAYS
from trailbell.infra.base.nag import acknowledge

KEPT = Duration.days(DEAD_LETTERS_DAYS)
VISIBILITY_PER_TIMEOUT = 6
"""How many times the function's timeout a message stays hidden, as Lambda asks for with SQS.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""


def dead_letter_queue(scope: Construct, id_: str) -> aws_sqs.Queue:
    """Make a queue for what could not be handled."""
    queue = aws_sqs.Queue(
        scope, id_, encryption=aws_sqs.QueueEncryption.SQS_MANAGED, enforce_ssl=True, retention_period=KEPT
    )
    acknowledge(
        queue,
        "AwsSolutions-SQS3",
        (
            "It is a dead-letter queue itself, of an EventBridge target, a Lambda destination or an SNS subscription; "
            "cdk-nag knows only those of other queues. An alarm watches it."
        ),
    )
    return queue


def work_queue(
    scope: Construct, id_: str, *, dead_letters: aws_sqs.IQueue, max_receive_count: int, function_timeout: Duration
) -> aws_sqs.Queue:
    """Make the queue of a function.

    Its messages move to `dead_letters` once they were received `max_receive_count` times in vain.
    """
    return aws_sqs.Queue(
        scope,
        id_,
        encryption=aws_sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=KEPT,
        visibility_timeout=Duration.seconds(VISIBILITY_PER_TIMEOUT * function_timeout.to_seconds()),
        dead_letter_queue=aws_sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=max_receive_count),
    )
