"""Resource types by the shape of an id, wherever it stands."""

import re
from collections.abc import Mapping

SHAPES: Mapping[str, str] = {
    "i": "AWS::EC2::Instance",
    "ami": "AWS::EC2::Ami",
    "vol": "AWS::EC2::Volume",
    "snap": "AWS::EC2::Snapshot",
    "eni": "AWS::EC2::NetworkInterface",
    "sg": "AWS::EC2::SecurityGroup",
    "subnet": "AWS::EC2::Subnet",
    "vpc": "AWS::EC2::VPC",
    "rtb": "AWS::EC2::RouteTable",
    "rtbassoc": "AWS::EC2::SubnetRouteTableAssociation",
    "eipassoc": "AWS::EC2::EIPAssociation",
    "igw": "AWS::EC2::InternetGateway",
    "nat": "AWS::EC2::NatGateway",
    "acl": "AWS::EC2::NetworkAcl",
    "eipalloc": "AWS::EC2::EIP",
    "vpce": "AWS::EC2::VPCEndpoint",
    "vpce-svc": "AWS::EC2::VPCEndpointService",
    "pcx": "AWS::EC2::VPCPeeringConnection",
    "tgw": "AWS::EC2::TransitGateway",
    "tgw-attach": "AWS::EC2::TransitGatewayAttachment",
    "lt": "AWS::EC2::LaunchTemplate",
    "fl": "AWS::EC2::FlowLog",
    "dopt": "AWS::EC2::DHCPOptions",
    "cgw": "AWS::EC2::CustomerGateway",
    "vgw": "AWS::EC2::VPNGateway",
    "vpn": "AWS::EC2::VPNConnection",
    "pl": "AWS::EC2::PrefixList",
    "eigw": "AWS::EC2::EgressOnlyInternetGateway",
    "fs": "AWS::EFS::FileSystem",
    "fsap": "AWS::EFS::AccessPoint",
}
"""Prefix of an id -> type. `AWS::EC2::Ami` is what CloudTrail's console calls an image: CloudFormation has no type for it."""
_ID = re.compile(r"([a-z]{1,8}(?:-[a-z]{3,6})?)-(?:[0-9a-f]{17}|[0-9a-f]{15}|[0-9a-f]{8})")


def type_of_id(value: str) -> str | None:
    """Return the type that an id's shape tells, else None."""
    found = _ID.fullmatch(value)
    return SHAPES.get(found[1]) if found else None
