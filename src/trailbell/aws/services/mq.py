"""Amazon MQ: `mq.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="mq",
    name="mq",
    members={"AWS::AmazonMQ::Broker": "brokerid brokername"},
)
