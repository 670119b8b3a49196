"""Shield: `shield.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="shield",
    name="Shield",
    members={"AWS::Shield::Protection": "protectionid"},
)
