"""Data Firehose: `firehose.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="firehose",
    name="Data Firehose",
    members={"AWS::KinesisFirehose::DeliveryStream": "deliverystreamname"},
    arn_types={"deliverystream": "AWS::KinesisFirehose::DeliveryStream"},
)
