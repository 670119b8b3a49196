"""Cloud9: `cloud9.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cloud9",
    name="cloud9",
    members={"AWS::Cloud9::EnvironmentEC2": "environmentid"},
)
