"""What a security-group change opens: ports, and to whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.call.values import listed, mapping, text

WORLD = frozenset({"0.0.0.0/0", "::/0"})
ALL_PROTOCOLS = "all"
_PROTOCOLS = {"-1": ALL_PROTOCOLS, "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
SENSITIVE_PORTS = (
    20, 21, 22, 23, 135, 139, 389, 445, 636, 873, 1433, 1434, 1521, 2049, 2375, 2376, 2379, 3306, 3389, 4333, 5432,
    5500, 5601, 5900, 5985, 5986, 6379, 6443, 7199, 8020, 9042, 9092, 9200, 9300, 10250, 11211, 27017, 27018, 50070,
)  # fmt: skip
"""Remote login, file sharing and databases: ports that hardly ever should face the internet."""
OPENING_EVENTS = frozenset({"AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules", "CreateSecurityGroup"})
LARGEST_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A range of ports, opened to one source."""

    protocol: str
    from_port: int | None
    """None for all ports."""
    to_port: int | None
    cidr: str
    """A CIDR, or the prefix list or security group that it is opened to."""

    @property
    def world(self) -> bool:
        """Whether it is opened to everyone."""
        return self.cidr in WORLD

    @property
    def sensitive(self) -> bool:
        """Whether a sensitive port is in the range."""
        low, high = self.from_port, self.to_port
        if low is None or high is None:
            return self.protocol in {ALL_PROTOCOLS, "tcp", "udp"}
        return self.protocol in {ALL_PROTOCOLS, "tcp", "udp"} and any(low <= port <= high for port in SENSITIVE_PORTS)


def read_openings(record: Mapping[str, Any]) -> tuple[Opening, ...]:
    """Return what the call opens; nothing for calls that open nothing."""
    if text(record.get("eventName")) not in OPENING_EVENTS:
        return ()
    parameters = mapping(record.get("requestParameters"))
    return (*_permissions(parameters), *_single(parameters), *_modified(parameters))


def _items(value: object) -> list[Any]:
    """EC2 wraps lists as `{"items": [...]}`."""
    return listed(value) or listed(mapping(value).get("items"))


def _permissions(parameters: Mapping[str, Any]) -> Iterator[Opening]:
    for item in _items(parameters.get("ipPermissions")):
        permission = mapping(item)
        for cidr in _sources(permission):
            yield _opening(permission, cidr)


def _sources(permission: Mapping[str, Any]) -> Iterator[str]:
    kinds = (
        ("ipRanges", "cidrIp"), ("ipv6Ranges", "cidrIpv6"), ("prefixListIds", "prefixListId"), ("groups", "groupId"),
    )  # fmt: skip
    for list_name, field in kinds:
        for item in _items(permission.get(list_name)):
            if source := text(mapping(item).get(field)):
                yield source


def _single(parameters: Mapping[str, Any]) -> Iterator[Opening]:
    """Read the short form of the API: one port range and one CIDR as parameters of their own."""
    if cidr := text(parameters.get("cidrIp")):
        yield _opening(parameters, cidr)


def _modified(parameters: Mapping[str, Any]) -> Iterator[Opening]:
    request = mapping(parameters.get("ModifySecurityGroupRulesRequest"))
    rules = request.get("SecurityGroupRule")
    for entry in rules if isinstance(rules, list) else [rules]:
        rule = mapping(mapping(entry).get("SecurityGroupRule"))
        source = text(rule.get("CidrIpv4")) or text(rule.get("CidrIpv6")) or text(rule.get("ReferencedGroupId"))
        if source:
            yield _opening({key[:1].lower() + key[1:]: value for key, value in rule.items()}, source)


def _opening(permission: Mapping[str, Any], cidr: str) -> Opening:
    protocol = str(permission.get("ipProtocol", "-1"))
    low, high = _port(permission.get("fromPort")), _port(permission.get("toPort"))
    everything = low is None or (low == 0 and high == LARGEST_PORT)
    return Opening(
        protocol=_PROTOCOLS.get(protocol, protocol),
        from_port=None if everything else low,
        to_port=None if everything else (high if high is not None else low),
        cidr=cidr,
    )


def _port(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_PORT else None
