"""IAM Identity Center directory: `sso-directory.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="sso-directory",
    name="IAM Identity Center directory",
    members={
        "AWS::IdentityStore::User": "userid",
        "AWS::IdentityStore::Group": "groupid",
    },
)
