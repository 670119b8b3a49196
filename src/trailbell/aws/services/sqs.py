"""SQS: `sqs.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="sqs",
    name="SQS",
    members={"AWS::SQS::Queue": "queueurl queuename"},
    url_types=frozenset({"AWS::SQS::Queue"}),
    arn_types={"": "AWS::SQS::Queue"},
    sentences={
        "DeleteQueue": "delete queue {#queueUrl}",
        "PurgeQueue": "purge queue {#queueUrl}",
    },
)
