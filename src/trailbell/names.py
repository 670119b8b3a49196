"""What this account calls things: the names that the config gives to accounts and networks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """When people are expected to work."""

    timezone: str
    """IANA name, such as `Europe/Berlin`."""
    start: time
    end: time
    """Exclusive; before `start`, the hours span midnight."""
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    """Monday is 0, as in `datetime.weekday`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The config's vocabulary, handed to `read`."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    """12-digit account id -> name. These are the accounts that count as one's own."""
    networks: Mapping[str, str] = field(default_factory=dict)
    """CIDR (v4 or v6) -> label."""
    expected_regions: frozenset[str] = frozenset()
    """Regions this account works in; empty means that none is unexpected."""
    business_hours: BusinessHours | None = None
