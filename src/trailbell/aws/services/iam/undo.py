"""What takes calls of IAM back."""

from collections.abc import Mapping

from trailbell.aws.commands import fill_command
from trailbell.aws.service import Undoer
from trailbell.call.lookup import Call


def switch_access_key(call: Call) -> list[str] | None:
    """Set an access key to what it was before."""
    inverse = {"Active": "Inactive", "Inactive": "Active"}.get(str(call.request.get("status")))
    words = fill_command("iam update-access-key --user-name {?userName} --access-key-id {accessKeyId}", call)
    return [*words, "--status", inverse] if words and inverse else None


UNDO: Mapping[str, str | Undoer] = {
    "AddUserToGroup": "iam remove-user-from-group --user-name {userName} --group-name {groupName}",
    "RemoveUserFromGroup": "iam add-user-to-group --user-name {userName} --group-name {groupName}",
    "AttachGroupPolicy": "iam detach-group-policy --group-name {groupName} --policy-arn {policyArn}",
    "AttachRolePolicy": "iam detach-role-policy --role-name {roleName} --policy-arn {policyArn}",
    "AttachUserPolicy": "iam detach-user-policy --user-name {userName} --policy-arn {policyArn}",
    "DetachGroupPolicy": "iam attach-group-policy --group-name {groupName} --policy-arn {policyArn}",
    "DetachRolePolicy": "iam attach-role-policy --role-name {roleName} --policy-arn {policyArn}",
    "DetachUserPolicy": "iam attach-user-policy --user-name {userName} --policy-arn {policyArn}",
    "CreateAccessKey": "iam delete-access-key --user-name {>accessKey.userName} --access-key-id {>accessKey.accessKeyId}",
    "CreateLoginProfile": "iam delete-login-profile --user-name {userName}",
    "CreateUser": "iam delete-user --user-name {userName}",
    "CreateGroup": "iam delete-group --group-name {groupName}",
    "CreateRole": "iam delete-role --role-name {roleName}",
    "CreatePolicy": "iam delete-policy --policy-arn {>policy.arn}",
    "UpdateAccessKey": switch_access_key,
}
