"""IAM: `iam.amazonaws.com`."""

from trailbell.aws.service import Service
from trailbell.aws.services.iam.sentences import SENTENCES
from trailbell.aws.services.iam.undo import UNDO


def name_without_path(_kind: str, rest: str) -> str:
    """Leave out the path, which is no part of a name."""
    return rest.rpartition("/")[2]


SERVICE = Service(
    source="iam",
    name="IAM",
    members={
        "AWS::IAM::User": "username newusername",
        "AWS::IAM::Role": "rolename",
        "AWS::IAM::Group": "groupname newgroupname",
        "AWS::IAM::ManagedPolicy": "policyarn",
        "AWS::IAM::Policy": "policyname",
        "AWS::IAM::AccessKey": "accesskeyid",
        "AWS::IAM::InstanceProfile": "instanceprofilename",
        "AWS::IAM::VirtualMFADevice": "serialnumber virtualmfadevicename",
        "AWS::IAM::SAMLProvider": "samlproviderarn",
        "AWS::IAM::OIDCProvider": "openidconnectproviderarn",
        "AWS::IAM::ServerCertificate": "servercertificatename",
        "AWS::IAM::SigningCertificate": "certificateid",
        "AWS::IAM::SSHPublicKey": "sshpublickeyid",
        "AWS::IAM::ServiceLinkedRole": "awsservicename",
        "AWS::IAM::AccountAlias": "accountalias",
        "AWS::IAM::ServiceSpecificCredential": "servicespecificcredentialid",
    },
    arn_types={
        "user": "AWS::IAM::User",
        "role": "AWS::IAM::Role",
        "group": "AWS::IAM::Group",
        "policy": "AWS::IAM::ManagedPolicy",
        "instance-profile": "AWS::IAM::InstanceProfile",
        "mfa": "AWS::IAM::VirtualMFADevice",
        "saml-provider": "AWS::IAM::SAMLProvider",
        "oidc-provider": "AWS::IAM::OIDCProvider",
        "server-certificate": "AWS::IAM::ServerCertificate",
    },
    arn_id=name_without_path,
    roles={
        "AddUserToGroup": "changed",
        "AddRoleToInstanceProfile": "changed",
        "RemoveUserFromGroup": "changed",
        "RemoveRoleFromInstanceProfile": "changed",
        "CreateLoginProfile": "changed",
        "DeleteLoginProfile": "changed",
        "DeleteUserPolicy": "changed",
        "DeleteRolePolicy": "changed",
        "DeleteGroupPolicy": "changed",
        "CreateAccountAlias": "created",
    },
    api_words={
        "AWS::IAM::ManagedPolicy": ("createpolicy", "deletepolicy", "policyversion", "tagpolicy"),
        "AWS::IAM::OIDCProvider": ("openidconnectprovider",),
        "AWS::IAM::VirtualMFADevice": ("mfadevice",),
    },
    without_resource={
        "DeleteAccountPasswordPolicy": "an account has one password policy",
        "UpdateAccountPasswordPolicy": "an account has one password policy",
    },
    global_console=True,
    pages={
        "AWS::IAM::User": "iam/home#/users/details/{id}",
        "AWS::IAM::Role": "iam/home#/roles/details/{id}",
        "AWS::IAM::Group": "iam/home#/groups/details/{id}",
        "AWS::IAM::ManagedPolicy": "iam/home#/policies/details/{arn}",
        "AWS::IAM::SAMLProvider": "iam/home#/identity_providers/details/SAML/{arn}",
        "AWS::IAM::OIDCProvider": "iam/home#/identity_providers/details/OPENID/{arn}",
    },
    sentences=SENTENCES,
    undo=UNDO,
)
