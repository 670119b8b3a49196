"""Where a call came from: an address and its network, an AWS service, or AWS itself."""

import ipaddress
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from trailbell.call.values import mapping, text
from trailbell.names import Names
from trailbell.read.user_agent import name_client
from trailbell.record import Origin, OriginKind

AWS_INTERNAL = "AWS Internal"
SERVICE_ENDINGS = (".amazonaws.com", ".amazonaws.com.cn", ".aws.internal")
PRIVATE_NETWORKS = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    "fc00::/7", "fe80::/10", "::1/128",
)  # fmt: skip
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def read_origin(record: Mapping[str, Any], names: Names, *, console: bool) -> Origin:
    """Read where the call came from. Nothing in the record can make it fail."""
    source = text(record.get("sourceIPAddress"))
    address = parse_address(source)
    user_agent = text(record.get("userAgent"))
    return Origin(
        kind=_kind(source, address),
        address=source,
        network=find_network(address, names.networks),
        private=None if address is None else is_private(address),
        vpc_endpoint_id=text(record.get("vpcEndpointId")),
        tls_version=text(mapping(record.get("tlsDetails")).get("tlsVersion")),
        client=name_client(user_agent, console=console),
        user_agent=user_agent,
    )


def parse_address(source: str | None) -> Address | None:
    """Return the address that `sourceIPAddress` holds, else None; an IPv4 address in IPv6 clothes is the IPv4 one."""
    try:
        address = ipaddress.ip_address(source or "")
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def is_private(address: Address) -> bool:
    """Tell whether an address is one that networks use inside (RFC 1918, 4193, 6598, 3927, 4291)."""
    return any(address.version == network.version and address in network for network in _private_networks())


@cache
def _private_networks() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(cidr) for cidr in PRIVATE_NETWORKS)


@lru_cache(maxsize=4096)
def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(cidr, strict=False)


def find_network(address: Address | None, networks: Mapping[str, str]) -> str | None:
    """Return the label of the smallest network that the address is in: the longest prefix wins."""
    if address is None:
        return None
    best, best_length = None, -1
    for cidr, label in networks.items():
        network = _network(cidr)
        if network.version == address.version and address in network and network.prefixlen > best_length:
            best, best_length = label, network.prefixlen
    return best


def _kind(source: str | None, address: Address | None) -> OriginKind:
    if address is not None:
        return "address"
    if source is None:
        return "unknown"
    if source.rstrip(";").strip() == AWS_INTERNAL:
        return "aws-internal"
    return "service" if source.endswith(SERVICE_ENDINGS) else "unknown"
