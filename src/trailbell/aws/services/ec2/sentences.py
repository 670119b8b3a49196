"""What calls of EC2 did, in words."""

from collections.abc import Mapping

from trailbell.aws.phrases import share
from trailbell.aws.service import Teller
from trailbell.call.lookup import Call, clip, join
from trailbell.call.openings import Opening, read_openings

MOST_DIGITS = 6
"""Of a number of instances."""


def authorize_egress(call: Call) -> str | None:
    """Tell ports and targets of outgoing rules."""
    openings = read_openings({**call.record.raw, "eventName": "AuthorizeSecurityGroupIngress"})
    group = call.value("groupId")
    return f"allow outgoing {_openings(openings)} from {_group(call, group)}" if openings and group else None


def change_security_group(call: Call) -> str | None:
    """Tell ports and sources of the rules that a call adds."""
    openings = read_openings(call.record.raw)
    group = call.first("groupId", "ModifySecurityGroupRulesRequest.GroupId", "groupName")
    if not openings or group is None:
        return None
    return f"open {_openings(openings)} on {_group(call, group)}"


def modify_instance_attribute(call: Call) -> str | None:
    """Tell which attribute, by name; user data runs at the next start."""
    instance = call.value("instanceId")
    changed = [name for name in call.request if name not in {"instanceId", "attribute", "value"}]
    name = call.value("attribute") or (changed[0] if changed else None)
    return f"change {clip(name)} of {clip(instance)}" if instance and name else None


def revoke_ingress(call: Call) -> str | None:
    """Tell ports and sources of the rules that a call takes away."""
    openings = read_openings({**call.record.raw, "eventName": "AuthorizeSecurityGroupIngress"})
    group = call.first("groupId", "groupName")
    return f"close {_openings(openings)} on {_group(call, group)}" if openings and group else None


def run_instances(call: Call) -> str | None:
    """Count the instances and name their type."""
    ids = call.values(">instancesSet.instanceId")
    kind = call.first("instanceType", ">instancesSet.instanceType") or "instance"
    asked = call.value("instancesSet.maxCount") or ""
    count = len(ids) or (int(asked) if asked.isdecimal() and len(asked) < MOST_DIGITS else 1)
    named = f" ({join(ids)})" if ids else ""
    return f"launch {count} × {clip(kind)}{named} in {call.record.event.region}"


def _openings(openings: tuple[Opening, ...]) -> str:
    return join(tuple(f"{_ports(opening)} to {opening.cidr}" for opening in openings))


def _ports(opening: Opening) -> str:
    if opening.from_port is None:
        return "all traffic" if opening.protocol == "all" else f"all {opening.protocol}"
    ports = str(opening.from_port) if opening.from_port == opening.to_port else f"{opening.from_port}-{opening.to_port}"
    return f"{opening.protocol}/{ports}"


def _group(call: Call, group: str) -> str:
    name = next((resource.name for resource in call.record.resources if resource.id == group and resource.name), None)
    return f"{clip(group)} ({clip(name)})" if name else clip(group)


SENTENCES: Mapping[str, str | Teller] = {
    "StartInstances": "start {instancesSet.instanceId}",
    "StopInstances": "stop {instancesSet.instanceId}",
    "RebootInstances": "reboot {instancesSet.instanceId}",
    "TerminateInstances": "terminate {instancesSet.instanceId}",
    "CreateKeyPair": "create key pair {keyName}",
    "ImportKeyPair": "import key pair {keyName}",
    "DeleteKeyPair": "delete key pair {keyName|keyPairId}",
    "CreateSecurityGroup": "create security group {>groupId} ({groupName})",
    "DeleteSecurityGroup": "delete security group {groupId|groupName}",
    "CreateVpc": "create VPC {>vpc.vpcId} ({cidrBlock})",
    "DeleteVpc": "delete VPC {vpcId}",
    "CreateSubnet": "create subnet {>subnet.subnetId} ({cidrBlock}) in {vpcId}",
    "DeleteSubnet": "delete subnet {subnetId}",
    "CreateInternetGateway": "create internet gateway {>internetGateway.internetGatewayId}",
    "AttachInternetGateway": "attach internet gateway {internetGatewayId} to {vpcId}",
    "DetachInternetGateway": "detach internet gateway {internetGatewayId} from {vpcId}",
    "DeleteInternetGateway": "delete internet gateway {internetGatewayId}",
    "CreateRoute": "route {destinationCidrBlock|destinationIpv6CidrBlock|destinationPrefixListId} to "
    "{gatewayId|natGatewayId|instanceId|networkInterfaceId|transitGatewayId|vpcPeeringConnectionId} in {routeTableId}",
    "DeleteRoute": "remove the route to {destinationCidrBlock|destinationIpv6CidrBlock} from {routeTableId}",
    "CreateRouteTable": "create route table {>routeTable.routeTableId} in {vpcId}",
    "DeleteRouteTable": "delete route table {routeTableId}",
    "CreateNetworkAclEntry": "add a rule to network ACL {networkAclId}: {ruleAction} {cidrBlock|ipv6CidrBlock}",
    "DeleteNetworkAclEntry": "remove rule {ruleNumber} from network ACL {networkAclId}",
    "ReplaceNetworkAclEntry": "change rule {ruleNumber} of network ACL {networkAclId}: {ruleAction} {cidrBlock|ipv6CidrBlock}",
    "CreateSnapshot": "take snapshot {>snapshotId} of {volumeId}",
    "DeleteSnapshot": "delete snapshot {snapshotId}",
    "CopySnapshot": "copy snapshot {sourceSnapshotId} from {sourceRegion}",
    "CreateImage": "make image {>imageId} of {instanceId}",
    "DeregisterImage": "deregister image {imageId}",
    "CreateVolume": "create volume {>volumeId} in {zone}",
    "AttachVolume": "attach volume {volumeId} to {instanceId}",
    "DeleteVolume": "delete volume {volumeId}",
    "DeleteFlowLogs": "delete flow logs {DeleteFlowLogsRequest.FlowLogId.content|flowLogId}",
    "AllocateAddress": "allocate address {>publicIp}",
    "ReleaseAddress": "release address {allocationId|publicIp}",
    "AssociateIamInstanceProfile": "give {AssociateIamInstanceProfileRequest.InstanceId|instanceId} the instance profile "
    "{AssociateIamInstanceProfileRequest.IamInstanceProfile.Name|#AssociateIamInstanceProfileRequest.IamInstanceProfile.Arn}",
    "GetPasswordData": "read the Windows password of {instanceId}",
    "EnableSerialConsoleAccess": "enable access to the EC2 serial console for the whole account",
    "DisableEbsEncryptionByDefault": "switch off EBS encryption by default",
    "EnableEbsEncryptionByDefault": "switch on EBS encryption by default",
    "CreateVpcPeeringConnection": "ask for a peering of {vpcId|CreateVpcPeeringConnectionRequest.VpcId} with "
    "{peerVpcId|CreateVpcPeeringConnectionRequest.PeerVpcId}",
    "AuthorizeSecurityGroupEgress": authorize_egress,
    "AuthorizeSecurityGroupIngress": change_security_group,
    "ModifyImageAttribute": share,
    "ModifyInstanceAttribute": modify_instance_attribute,
    "ModifySecurityGroupRules": change_security_group,
    "ModifySnapshotAttribute": share,
    "RevokeSecurityGroupIngress": revoke_ingress,
    "RunInstances": run_instances,
}
