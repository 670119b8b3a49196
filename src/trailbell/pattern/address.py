"""IP addresses and CIDR blocks, read as EventBridge's engine reads them."""

from collections.abc import Callable

Address = tuple[int, int]
"""Width in bits (32 or 128) and value."""

_V4_PARTS = 4
_V4_BITS = 32
_V6_BITS = 128
_LONGEST_PART = 15
"""Digits that one part of an IPv4 address may have: far more than it needs, and bounded."""
_LONGEST_V6 = 45
_LONGEST_PREFIX = 3
_V6_CHARACTERS = frozenset("0123456789abcdefABCDEF:")
_MAPPED = 0xFFFF


def read_address(text: str) -> Address | None:
    """Return the address that a text is, None for anything else.

    Leading zeros of IPv4 parts are decimal, and an IPv4 address mapped into IPv6 is that IPv4 address.
    """
    if ":" in text:
        return _read_v6(text)
    parts = text.split(".", _V4_PARTS)
    if len(parts) != _V4_PARTS:
        return None
    value = 0
    for part in parts:
        if not (part.isascii() and part.isdigit() and len(part) <= _LONGEST_PART):
            return None
        number = int(part)
        if number > 0xFF:  # noqa: PLR2004 - a byte
            return None
        value = value << 8 | number
    return _V4_BITS, value


def _read_v6(text: str) -> Address | None:
    if len(text) > _LONGEST_V6 or not _V6_CHARACTERS.issuperset(text):
        return None
    # Here, because few rules and records have IPv6 addresses, and the module costs a cold start a millisecond.
    from ipaddress import AddressValueError, IPv6Address

    try:
        value = int(IPv6Address(text))
    except AddressValueError:
        return None
    if value >> _V4_BITS == _MAPPED:
        return _V4_BITS, value & 0xFFFFFFFF
    return _V6_BITS, value


def read_block(text: str) -> Callable[[str], bool] | None:
    """Return a test for addresses of a CIDR block, None where the text is no block.

    Event Ruler compares hexadecimal digits from the left and is content once the rest cannot matter, whichever
    family the address is of: nearly every IPv4 address is in `::/0`. A block of one address, which it does not know,
    is strict.
    """
    address, slash, length = text.partition("/")
    network = read_address(address)
    if network is None or not slash or not (length.isascii() and length.isdigit() and len(length) <= _LONGEST_PREFIX):
        return None
    bits, value = network
    shift = bits - int(length)
    if shift < 0:
        return None
    wanted = value >> shift
    low, high = wanted << shift, ((wanted + 1) << shift) - 1
    over = _V6_BITS - _V4_BITS

    def holds(candidate: str) -> bool:
        found = read_address(candidate)
        if found is None:
            return False
        width, number = found
        if width == bits:
            return number >> shift == wanted
        if width < bits:
            return low >> over < number < high >> over
        return shift > 0 and low <= number >> over <= high

    return holds
