"""IoT: `iot.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="iot",
    name="IoT",
    members={
        "AWS::IoT::Thing": "thingname",
        "AWS::IoT::Policy": "policyname",
        "AWS::IoT::Certificate": "certificateid",
    },
)
