"""What calls of IAM did, in words."""

from collections.abc import Mapping

from trailbell.aws.phrases import name_trusted
from trailbell.aws.service import Teller
from trailbell.call.lookup import Call, clip
from trailbell.call.policies import read_statements


def create_access_key(call: Call) -> str | None:
    """Tell whose key it is; without a user name it is the caller's own."""
    user = call.first("userName", ">accessKey.userName")
    key = call.value(">accessKey.accessKeyId")
    named = f"access key {key}" if key else "an access key"
    return f"create {named} for user {clip(user)}" if user else f"create {named} for {call.record.principal.display}"


def create_policy(call: Call) -> str | None:
    """Tell whether the policy allows everything."""
    name = call.first("policyName", "policyArn")
    return f"create policy {clip(name.rpartition('/')[2])}{_power(call)}" if name else None


def create_policy_version(call: Call) -> str | None:
    """Tell whether the new version counts, and whether it allows everything."""
    arn = call.value("policyArn")
    if arn is None:
        return None
    counts = " as the one that counts" if call.value("setAsDefault") == "true" else ""
    return f"write a new version of policy {clip(arn.rpartition('/')[2])}{counts}{_power(call)}"


def create_role(call: Call) -> str | None:
    """Tell whom a new role trusts."""
    role = call.value("roleName")
    trusted = name_trusted(
        call, read_statements({"p": None, "assumeRolePolicyDocument": call.value("assumeRolePolicyDocument")})
    )
    return f"create role {clip(role)}{f', which trusts {trusted}' if trusted else ''}" if role else None


def put_inline_policy(call: Call) -> str | None:
    """Tell of whom, and whether the policy allows everything."""
    policy = call.value("policyName")
    holder = next(
        (f"{kind} {clip(name)}" for kind in ("user", "role", "group") if (name := call.value(f"{kind}Name"))), None
    )
    if policy is None or holder is None:
        return None
    return f"write policy {clip(policy)} into {holder}{_power(call)}"


def update_trust(call: Call) -> str | None:
    """Tell whom a role trusts now."""
    role, document = call.value("roleName"), call.value("policyDocument")
    if role is None or document is None:
        return None
    trusted = name_trusted(call, read_statements({"policyDocument": document}))
    return f"change role {clip(role)} to trust {trusted}" if trusted else f"change whom role {clip(role)} trusts"


def _power(call: Call) -> str:
    admin = any(statement.admin for statement in read_statements(call.request))
    return ", which allows everything" if admin else ""


SENTENCES: Mapping[str, str | Teller] = {
    "CreateUser": "create user {userName}",
    "DeleteUser": "delete user {userName}",
    "UpdateUser": "rename user {userName} to {newUserName}",
    "DeleteRole": "delete role {roleName}",
    "CreateGroup": "create group {groupName}",
    "DeleteGroup": "delete group {groupName}",
    "AddUserToGroup": "add user {userName} to group {groupName}",
    "RemoveUserFromGroup": "remove user {userName} from group {groupName}",
    "AttachUserPolicy": "attach {#policyArn} to user {userName}",
    "AttachRolePolicy": "attach {#policyArn} to role {roleName}",
    "AttachGroupPolicy": "attach {#policyArn} to group {groupName}",
    "DetachUserPolicy": "detach {#policyArn} from user {userName}",
    "DetachRolePolicy": "detach {#policyArn} from role {roleName}",
    "DetachGroupPolicy": "detach {#policyArn} from group {groupName}",
    "DeleteUserPolicy": "delete policy {policyName} of user {userName}",
    "DeleteRolePolicy": "delete policy {policyName} of role {roleName}",
    "DeleteGroupPolicy": "delete policy {policyName} of group {groupName}",
    "DeletePolicy": "delete policy {#policyArn}",
    "SetDefaultPolicyVersion": "make {versionId} the version of policy {#policyArn} that counts",
    "CreateLoginProfile": "give user {userName} a console password",
    "UpdateLoginProfile": "set a new console password for user {userName}",
    "DeleteLoginProfile": "take away the console password of user {userName}",
    "DeleteAccessKey": "delete access key {accessKeyId}",
    "UpdateAccessKey": "set access key {accessKeyId} to {status}",
    "DeactivateMFADevice": "take away the MFA device {#serialNumber} of user {userName}",
    "EnableMFADevice": "give user {userName} the MFA device {#serialNumber}",
    "DeleteVirtualMFADevice": "delete MFA device {#serialNumber}",
    "CreateInstanceProfile": "create instance profile {instanceProfileName}",
    "DeleteInstanceProfile": "delete instance profile {instanceProfileName}",
    "AddRoleToInstanceProfile": "put role {roleName} into instance profile {instanceProfileName}",
    "CreateSAMLProvider": "create SAML provider {name}",
    "UpdateSAMLProvider": "change SAML provider {#sAMLProviderArn}",
    "CreateOpenIDConnectProvider": "create OpenID Connect provider {url}",
    "DeleteAccountPasswordPolicy": "delete the account's password policy",
    "UpdateAccountPasswordPolicy": "change the account's password policy",
    "CreateServiceLinkedRole": "create the service-linked role of {aWSServiceName}",
    "DeleteUserPermissionsBoundary": "take away the permissions boundary of user {userName}",
    "DeleteRolePermissionsBoundary": "take away the permissions boundary of role {roleName}",
    "CreateAccessKey": create_access_key,
    "CreatePolicy": create_policy,
    "CreatePolicyVersion": create_policy_version,
    "CreateRole": create_role,
    "PutGroupPolicy": put_inline_policy,
    "PutRolePolicy": put_inline_policy,
    "PutUserPolicy": put_inline_policy,
    "UpdateAssumeRolePolicy": update_trust,
}
