"""Application Auto Scaling: `application-autoscaling.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="application-autoscaling",
    name="Application Auto Scaling",
    members={"AWS::ApplicationAutoScaling::ScalableTarget": "resourceid"},
)
