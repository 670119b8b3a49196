"""CloudShell: `cloudshell.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cloudshell",
    name="CloudShell",
    members={"AWS::CloudShell::Environment": "environmentid"},
)
