"""The command that takes a call back, for calls that have an exact inverse. A person checks it before running it."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trailbell.call.values import ABSENT, listed, mapping
from trailbell.operations import without_version
from trailbell.record import Record

MOST_IDS = 20
"""More ids than this make a command that nobody checks: none is offered."""
LONGEST_VALUE = 512
_REGION = re.compile(r"[a-z]{2,3}(?:-[a-z]+)+-\d{1,2}")
_Option = tuple[str, str]
"""Option of the command, and the path of its value: dots descend, lists are gone through, `<` reads the response."""

_ATTACH = ("policy-arn", "policyArn")
_USER, _ROLE, _GROUP = ("user-name", "userName"), ("role-name", "roleName"), ("group-name", "groupName")
_INVERSES: Mapping[str, tuple[str, tuple[_Option, ...]]] = {
    "cloudtrail.StopLogging": ("cloudtrail start-logging", (("name", "name"),)),
    "config.StopConfigurationRecorder": (
        "configservice start-configuration-recorder",
        (("configuration-recorder-name", "configurationRecorderName"),),
    ),
    "ec2.RunInstances": (
        "ec2 terminate-instances",
        (("instance-ids", "<instancesSet.items.instanceId"),),
    ),
    "ec2.CreateKeyPair": ("ec2 delete-key-pair", (("key-pair-id", "<keyPairId"),)),
    "ec2.ImportKeyPair": ("ec2 delete-key-pair", (("key-pair-id", "<keyPairId"),)),
    "ec2.CreateSecurityGroup": ("ec2 delete-security-group", (("group-id", "<groupId"),)),
    "ec2.CreateVolume": ("ec2 delete-volume", (("volume-id", "<volumeId"),)),
    "ec2.CreateSnapshot": ("ec2 delete-snapshot", (("snapshot-id", "<snapshotId"),)),
    "ec2.DisableEbsEncryptionByDefault": ("ec2 enable-ebs-encryption-by-default", ()),
    "ec2.EnableSerialConsoleAccess": ("ec2 disable-serial-console-access", ()),
    "ec2.AttachInternetGateway": (
        "ec2 detach-internet-gateway",
        (("internet-gateway-id", "internetGatewayId"), ("vpc-id", "vpcId")),
    ),
    "events.DisableRule": ("events enable-rule", (("name", "name"), ("event-bus-name", "?eventBusName"))),
    "iam.AddUserToGroup": ("iam remove-user-from-group", (_USER, _GROUP)),
    "iam.RemoveUserFromGroup": ("iam add-user-to-group", (_USER, _GROUP)),
    "iam.AttachGroupPolicy": ("iam detach-group-policy", (_GROUP, _ATTACH)),
    "iam.AttachRolePolicy": ("iam detach-role-policy", (_ROLE, _ATTACH)),
    "iam.AttachUserPolicy": ("iam detach-user-policy", (_USER, _ATTACH)),
    "iam.DetachGroupPolicy": ("iam attach-group-policy", (_GROUP, _ATTACH)),
    "iam.DetachRolePolicy": ("iam attach-role-policy", (_ROLE, _ATTACH)),
    "iam.DetachUserPolicy": ("iam attach-user-policy", (_USER, _ATTACH)),
    "iam.CreateAccessKey": (
        "iam delete-access-key",
        (("user-name", "<accessKey.userName"), ("access-key-id", "<accessKey.accessKeyId")),
    ),
    "iam.CreateLoginProfile": ("iam delete-login-profile", (_USER,)),
    "iam.CreateUser": ("iam delete-user", (_USER,)),
    "iam.CreateGroup": ("iam delete-group", (_GROUP,)),
    "iam.CreateRole": ("iam delete-role", (_ROLE,)),
    "iam.CreatePolicy": ("iam delete-policy", (("policy-arn", "<policy.arn"),)),
    "kms.DisableKey": ("kms enable-key", (("key-id", "keyId"),)),
    "kms.DisableKeyRotation": ("kms enable-key-rotation", (("key-id", "keyId"),)),
    "lambda.CreateFunctionUrlConfig": (
        "lambda delete-function-url-config",
        (("function-name", "functionName"), ("qualifier", "?qualifier")),
    ),
    "lambda.AddPermission": (
        "lambda remove-permission",
        (("function-name", "functionName"), ("statement-id", "statementId"), ("qualifier", "?qualifier")),
    ),
    "monitoring.DisableAlarmActions": ("cloudwatch enable-alarm-actions", (("alarm-names", "alarmNames"),)),
    "organizations.AttachPolicy": (
        "organizations detach-policy",
        (("policy-id", "policyId"), ("target-id", "targetId")),
    ),
    "organizations.DetachPolicy": (
        "organizations attach-policy",
        (("policy-id", "policyId"), ("target-id", "targetId")),
    ),
}
"""Call -> command and its options; a path with `?` in front may be missing."""


def undo_command(record: Record) -> str | None:
    """Return an `aws ...` command line, quoted for a POSIX shell; None where the call has no exact inverse.

    None also for calls that failed, and where a value is missing, too long, or could be taken for an option.
    """
    event = record.event
    if event.failed or not _REGION.fullmatch(event.region):
        return None
    key = f"{event.source.partition('.')[0]}.{without_version(event.name)}"
    request = mapping(record.raw.get("requestParameters"))
    response = mapping(record.raw.get("responseElements"))
    if key in _SPECIAL:
        words = _SPECIAL[key](request, response)
    elif key in _INVERSES:
        words = _plain(*_INVERSES[key], request, response)
    else:
        return None
    return shlex.join(["aws", *words, "--region", event.region]) if words else None


def _plain(
    command: str, options: tuple[_Option, ...], request: Mapping[str, Any], response: Mapping[str, Any]
) -> list[str] | None:
    words = command.split()
    for option, path in options:
        root = response if path.startswith("<") else request
        found = list(_values(root, path.lstrip("<?").split(".")))
        if not found and path.startswith("?"):
            continue
        values = [value for value in found if isinstance(value, str) and _safe(value)]
        if not values or len(values) != len(found) or len(values) > MOST_IDS:
            return None
        words += [f"--{option}", *values]
    return words


def _values(root: object, names: list[str]) -> Iterator[object]:
    found: list[object] = [root]
    for name in names:
        holders = [inner for value in found for inner in (value if isinstance(value, list) else [value])]
        found = [holder[name] for holder in holders if isinstance(holder, Mapping) and name in holder]
    for value in found:
        yield from value if isinstance(value, list) else [value]


def _safe(value: str) -> bool:
    """Whether the CLI takes it as a value: not an option, and no `file://` or `http://` that it would fetch."""
    loaded = value.lower().startswith(("file:", "fileb:", "http:", "https:"))
    return (
        value not in ABSENT and value[0] != "-" and not loaded and len(value) <= LONGEST_VALUE and value.isprintable()
    )


def _revoke(direction: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], list[str] | None]:
    """Make the inverse of an authorisation: by the ids of the rules that it made, which nothing else can have."""

    def words(request: Mapping[str, Any], response: Mapping[str, Any]) -> list[str] | None:
        del request
        rules = listed(mapping(response.get("securityGroupRuleSet")).get("items"))
        group = mapping(rules[0]).get("groupId") if rules else None
        ids = [mapping(rule).get("securityGroupRuleId") for rule in rules]
        values = [value for value in (group, *ids) if isinstance(value, str) and _safe(value)]
        if not ids or len(values) != len(ids) + 1 or len(ids) > MOST_IDS:
            return None
        command = f"revoke-security-group-{direction}"
        return ["ec2", command, "--group-id", values[0], "--security-group-rule-ids", *values[1:]]

    return words


def _switch(command: str, was: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], list[str] | None]:
    """Make the inverse of starting or stopping: for instances that were in the other state before, and only them."""

    def words(request: Mapping[str, Any], response: Mapping[str, Any]) -> list[str] | None:
        del request
        changes = [mapping(item) for item in listed(mapping(response.get("instancesSet")).get("items"))]
        changed = [each.get("instanceId") for each in changes if mapping(each.get("previousState")).get("name") == was]
        ids = [id_ for id_ in changed if isinstance(id_, str) and _safe(id_)]
        if not ids or len(ids) != len(changed) or len(ids) > MOST_IDS:
            return None
        return ["ec2", command, "--instance-ids", *ids]

    return words


def _access_key(request: Mapping[str, Any], response: Mapping[str, Any]) -> list[str] | None:
    del response
    inverse = {"Active": "Inactive", "Inactive": "Active"}.get(str(request.get("status")))
    options = (("user-name", "?userName"), ("access-key-id", "accessKeyId"))
    words = _plain("iam update-access-key", options, request, {})
    return [*words, "--status", inverse] if words and inverse else None


def _detector(request: Mapping[str, Any], response: Mapping[str, Any]) -> list[str] | None:
    del response
    if request.get("enable") is not False:
        return None
    words = _plain("guardduty update-detector", (("detector-id", "detectorId"),), request, {})
    return [*words, "--enable"] if words else None


def _snapshot(request: Mapping[str, Any], response: Mapping[str, Any]) -> list[str] | None:
    del response
    permission = mapping(request.get("createVolumePermission"))
    added = listed(mapping(permission.get("add")).get("items"))
    if not added or permission.get("remove"):
        return None
    grantees = [mapping(item) for item in added]
    users = [item["userId"] for item in grantees if isinstance(item.get("userId"), str) and _safe(item["userId"])]
    groups = ["all"] if any(item.get("group") == "all" for item in grantees) else []
    words = _plain("ec2 modify-snapshot-attribute", (("snapshot-id", "snapshotId"),), request, {})
    if not words or len(users) + len(groups) != len(added) or len(added) > MOST_IDS:
        return None
    words += ["--attribute", "createVolumePermission", "--operation-type", "remove"]
    return words + (["--user-ids", *users] if users else []) + (["--group-names", *groups] if groups else [])


def _secret(request: Mapping[str, Any], response: Mapping[str, Any]) -> list[str] | None:
    del response
    if request.get("forceDeleteWithoutRecovery"):
        return None
    return _plain("secretsmanager restore-secret", (("secret-id", "secretId"),), request, {})


_SPECIAL: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], list[str] | None]] = {
    "ec2.AuthorizeSecurityGroupIngress": _revoke("ingress"),
    "ec2.AuthorizeSecurityGroupEgress": _revoke("egress"),
    "ec2.ModifySnapshotAttribute": _snapshot,
    "ec2.StartInstances": _switch("stop-instances", was="stopped"),
    "ec2.StopInstances": _switch("start-instances", was="running"),
    "guardduty.UpdateDetector": _detector,
    "iam.UpdateAccessKey": _access_key,
    "secretsmanager.DeleteSecret": _secret,
}
