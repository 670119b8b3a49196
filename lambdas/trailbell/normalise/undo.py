"""The command that reverses a call, for calls that have an exact inverse. It is to be checked before it is run."""

import re
import shlex
from collections.abc import Mapping

from trailbell.names import Names
from trailbell.normalise.call import Call
from trailbell.normalise.openings import read_openings
from trailbell.normalise.versions import without_version
from trailbell.record import Record

COMMANDS: Mapping[str, str] = {
    "cloudtrail.StopLogging": "cloudtrail start-logging --name {name}",
    "config.StopConfigurationRecorder": "configservice start-configuration-recorder "
    "--configuration-recorder-name {configurationRecorderName}",
    "ec2.AttachInternetGateway": "ec2 detach-internet-gateway --internet-gateway-id {internetGatewayId} --vpc-id {vpcId}",
    "ec2.DisableEbsEncryptionByDefault": "ec2 enable-ebs-encryption-by-default",
    "ec2.EnableSerialConsoleAccess": "ec2 disable-serial-console-access",
    "ec2.RunInstances": "ec2 terminate-instances --instance-ids {*>instancesSet.instanceId}",
    "ec2.StartInstances": "ec2 stop-instances --instance-ids {*instancesSet.instanceId}",
    "ec2.StopInstances": "ec2 start-instances --instance-ids {*instancesSet.instanceId}",
    "iam.AddUserToGroup": "iam remove-user-from-group --user-name {userName} --group-name {groupName}",
    "iam.RemoveUserFromGroup": "iam add-user-to-group --user-name {userName} --group-name {groupName}",
    "iam.AttachGroupPolicy": "iam detach-group-policy --group-name {groupName} --policy-arn {policyArn}",
    "iam.AttachRolePolicy": "iam detach-role-policy --role-name {roleName} --policy-arn {policyArn}",
    "iam.AttachUserPolicy": "iam detach-user-policy --user-name {userName} --policy-arn {policyArn}",
    "iam.DetachGroupPolicy": "iam attach-group-policy --group-name {groupName} --policy-arn {policyArn}",
    "iam.DetachRolePolicy": "iam attach-role-policy --role-name {roleName} --policy-arn {policyArn}",
    "iam.DetachUserPolicy": "iam attach-user-policy --user-name {userName} --policy-arn {policyArn}",
    "iam.CreateAccessKey": "iam delete-access-key --user-name {>accessKey.userName} --access-key-id {>accessKey.accessKeyId}",
    "iam.CreateLoginProfile": "iam delete-login-profile --user-name {userName}",
    "iam.CreateUser": "iam delete-user --user-name {userName}",
    "iam.CreateGroup": "iam delete-group --group-name {groupName}",
    "iam.CreateRole": "iam delete-role --role-name {roleName}",
    "kms.CancelKeyDeletion": "kms schedule-key-deletion --key-id {keyId}",
    "kms.DisableKey": "kms enable-key --key-id {keyId}",
    "kms.ScheduleKeyDeletion": "kms cancel-key-deletion --key-id {keyId}",
    "lambda.AddPermission": "lambda remove-permission --function-name {functionName} --statement-id {statementId}",
    "monitoring.DisableAlarmActions": "cloudwatch enable-alarm-actions --alarm-names {*alarmNames}",
    "organizations.AttachPolicy": "organizations detach-policy --policy-id {policyId} --target-id {targetId}",
    "organizations.DetachPolicy": "organizations attach-policy --policy-id {policyId} --target-id {targetId}",
    "rds.StopDBInstance": "rds start-db-instance --db-instance-identifier {dBInstanceIdentifier}",
    "secretsmanager.DeleteSecret": "secretsmanager restore-secret --secret-id {secretId}",
}  # fmt: skip
"""`<first part of the event source>.<event name>` -> command after `aws`; `{*a}` takes every value at the path."""
MOST_VALUES = 20
"""A command with more values is none that a person would check."""
_PLACEHOLDER = re.compile(r"\{(\*?)([^{}]+)\}")
_WRITABLE = re.compile(r"[^\x00-\x1f\x7f]{1,512}")


def undo_command(record: Record) -> str | None:
    """Return an `aws` command line, every value quoted for a POSIX shell; None where there is no exact inverse.

    A value that begins with `-` would be read as an option, and one with control characters as another line: such calls
    get no command.
    """
    if record.event.failed or not record.event.region:
        return None
    call = Call(record, Names())
    key = f"{record.event.source.partition('.')[0]}.{without_version(record.event.name)}"
    if key == "secretsmanager.DeleteSecret" and call.value("forceDeleteWithoutRecovery") == "true":
        return None
    if key == "ec2.AuthorizeSecurityGroupIngress":
        command = _revoke(call)
    else:
        template = COMMANDS.get(key)
        command = _fill(template, call) if template else None
    region = _quote(record.event.region)
    return f"aws {command} --region {region}" if command and region else None


def _revoke(call: Call) -> str | None:
    """Name the rules by the ids that the response gives them; without them, one rule by its ports and source."""
    group = _quote(call.value("groupId") or "")
    if group is None:
        return None
    ids = call.values(">securityGroupRuleSet.securityGroupRuleId")
    if 0 < len(ids) <= MOST_VALUES and all(map(_quote, ids)):
        named = " ".join(shlex.quote(id_) for id_ in ids)
        return f"ec2 revoke-security-group-ingress --group-id {group} --security-group-rule-ids {named}"
    openings = read_openings(call.record.raw)
    cidr = _quote(openings[0].cidr) if len(openings) == 1 else None
    if cidr is None or openings[0].from_port is None or ":" in openings[0].cidr or "/" not in openings[0].cidr:
        return None
    ports = f"{openings[0].from_port}-{openings[0].to_port}"
    protocol = _quote(openings[0].protocol)
    return f"ec2 revoke-security-group-ingress --group-id {group} --protocol {protocol} --port {ports} --cidr {cidr}"


def _fill(template: str, call: Call) -> str | None:
    filled = template
    for found in _PLACEHOLDER.finditer(template):
        values = call.values(found[2])
        if not found[1]:
            values = values[:1]
        quoted = [_quote(value) for value in values]
        if not quoted or len(quoted) > MOST_VALUES or None in quoted:
            return None
        filled = filled.replace(found[0], " ".join(value for value in quoted if value), 1)
    return filled


def _quote(value: str) -> str | None:
    return shlex.quote(value) if _WRITABLE.fullmatch(value) and not value.startswith("-") else None
