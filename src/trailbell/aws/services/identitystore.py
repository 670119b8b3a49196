"""Identity Store: `identitystore.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="identitystore",
    name="Identity Store",
    members={
        "AWS::IdentityStore::User": "userid",
        "AWS::IdentityStore::Group": "groupid",
        "AWS::IdentityStore::GroupMembership": "membershipid",
    },
)
