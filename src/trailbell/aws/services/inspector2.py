"""Inspector: `inspector2.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="inspector2",
    name="Inspector",
    members={
        "AWS::InspectorV2::Filter": "filterarn",
        "AWS::Organizations::Account": "accountid accountids",
    },
)
