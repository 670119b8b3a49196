"""IAM Roles Anywhere: `rolesanywhere.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="rolesanywhere",
    name="IAM Roles Anywhere",
    members={
        "AWS::RolesAnywhere::TrustAnchor": "trustanchorid trustanchorarn",
        "AWS::RolesAnywhere::Profile": "profileid profilearn",
    },
    arn_types={
        "trust-anchor": "AWS::RolesAnywhere::TrustAnchor",
        "profile": "AWS::RolesAnywhere::Profile",
    },
    sentences={
        "CreateTrustAnchor": "create trust anchor {name}",
        "CreateProfile": "create Roles Anywhere profile {name}",
    },
)
