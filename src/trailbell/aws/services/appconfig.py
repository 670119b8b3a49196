"""AppConfig: `appconfig.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="appconfig",
    name="AppConfig",
    members={
        "AWS::AppConfig::Application": "applicationid",
        "AWS::AppConfig::Environment": "environmentid",
    },
)
