"""App Runner: `apprunner.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="apprunner",
    name="App Runner",
    members={"AWS::AppRunner::Service": "servicename servicearn"},
)
