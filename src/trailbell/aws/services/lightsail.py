"""Lightsail: `lightsail.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="lightsail",
    name="lightsail",
    members={
        "AWS::Lightsail::Instance": "instancename instancenames",
        "AWS::Lightsail::Database": "relationaldatabasename",
    },
)
