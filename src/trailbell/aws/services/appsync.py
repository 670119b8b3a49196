"""AppSync: `appsync.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="appsync",
    name="AppSync",
    members={"AWS::AppSync::GraphQLApi": "apiid"},
)
