"""IAM Identity Center: `sso.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="sso",
    name="IAM Identity Center",
    members={
        "AWS::SSO::PermissionSet": "permissionsetarn",
        "AWS::SSO::Instance": "instancearn",
        "AWS::Organizations::Account": "targetid",
    },
    arn_types={
        "permissionSet": "AWS::SSO::PermissionSet",
        "instance": "AWS::SSO::Instance",
    },
    sentences={
        "CreateAccountAssignment": "give {principalType} {principalId} permission set {#permissionSetArn} in account {targetId}",
        "CreatePermissionSet": "create permission set {name}",
    },
)
