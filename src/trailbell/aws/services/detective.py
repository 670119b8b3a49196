"""Detective: `detective.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="detective",
    name="Detective",
    members={"AWS::Detective::Graph": "grapharn"},
)
