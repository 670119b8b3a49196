"""Account Management: `account.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="account",
    name="Account Management",
    members={"AWS::Organizations::Account": "^accountid"},
    sentences={
        "EnableRegion": "enable region {RegionName|regionName}",
        "DisableRegion": "disable region {RegionName|regionName}",
    },
)
