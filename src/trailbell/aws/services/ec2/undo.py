"""What takes calls of EC2 back."""

from collections.abc import Mapping

from trailbell.aws.commands import MOST_IDS, fill_command, safe_values
from trailbell.aws.service import Undoer
from trailbell.call.lookup import Call
from trailbell.call.values import listed, mapping


def revoke(direction: str) -> Undoer:
    """Make the inverse of an authorisation: by the ids of the rules that it made, which nothing else can have."""

    def words(call: Call) -> list[str] | None:
        rules = listed(mapping(call.response.get("securityGroupRuleSet")).get("items"))
        group = mapping(rules[0]).get("groupId") if rules else None
        ids = [mapping(rule).get("securityGroupRuleId") for rule in rules]
        values = safe_values([group, *ids])
        if not ids or len(values) != len(ids) + 1 or len(ids) > MOST_IDS:
            return None
        command = f"revoke-security-group-{direction}"
        return ["ec2", command, "--group-id", values[0], "--security-group-rule-ids", *values[1:]]

    return words


def switch_back(command: str, was: str) -> Undoer:
    """Make the inverse of starting or stopping: for instances that were in the other state before, and only them."""

    def words(call: Call) -> list[str] | None:
        changes = [mapping(item) for item in listed(mapping(call.response.get("instancesSet")).get("items"))]
        changed = [each.get("instanceId") for each in changes if mapping(each.get("previousState")).get("name") == was]
        ids = safe_values(changed)
        if not ids or len(ids) != len(changed) or len(ids) > MOST_IDS:
            return None
        return ["ec2", command, "--instance-ids", *ids]

    return words


def unshare_snapshot(call: Call) -> list[str] | None:
    """Take the permissions back that a call gave; where it took others away, that is not all."""
    permission = mapping(call.request.get("createVolumePermission"))
    added = listed(mapping(permission.get("add")).get("items"))
    if not added or permission.get("remove"):
        return None
    grantees = [mapping(item) for item in added]
    users = safe_values(item.get("userId") for item in grantees)
    groups = ["all"] if any(item.get("group") == "all" for item in grantees) else []
    words = fill_command(
        "ec2 modify-snapshot-attribute --snapshot-id {snapshotId} --attribute createVolumePermission "
        "--operation-type remove",
        call,
    )
    if not words or len(users) + len(groups) != len(added) or len(added) > MOST_IDS:
        return None
    return words + (["--user-ids", *users] if users else []) + (["--group-names", *groups] if groups else [])


UNDO: Mapping[str, str | Undoer] = {
    "RunInstances": "ec2 terminate-instances --instance-ids {>instancesSet.items.instanceId}",
    "CreateKeyPair": "ec2 delete-key-pair --key-pair-id {>keyPairId}",
    "ImportKeyPair": "ec2 delete-key-pair --key-pair-id {>keyPairId}",
    "CreateSecurityGroup": "ec2 delete-security-group --group-id {>groupId}",
    "CreateVolume": "ec2 delete-volume --volume-id {>volumeId}",
    "CreateSnapshot": "ec2 delete-snapshot --snapshot-id {>snapshotId}",
    "DisableEbsEncryptionByDefault": "ec2 enable-ebs-encryption-by-default",
    "EnableSerialConsoleAccess": "ec2 disable-serial-console-access",
    "AttachInternetGateway": "ec2 detach-internet-gateway --internet-gateway-id {internetGatewayId} --vpc-id {vpcId}",
    "AuthorizeSecurityGroupIngress": revoke("ingress"),
    "AuthorizeSecurityGroupEgress": revoke("egress"),
    "ModifySnapshotAttribute": unshare_snapshot,
    "StartInstances": switch_back("stop-instances", was="stopped"),
    "StopInstances": switch_back("start-instances", was="running"),
}
