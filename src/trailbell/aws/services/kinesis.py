"""Kinesis: `kinesis.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="kinesis",
    name="Kinesis",
    members={"AWS::Kinesis::Stream": "streamname streamarn"},
    arn_types={"stream": "AWS::Kinesis::Stream"},
)
