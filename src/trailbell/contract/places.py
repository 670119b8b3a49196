"""A place that is watched: a region of an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from trailbell.contract.regions import global_region


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One region of one account: it has a default bus of its own, and filters on it."""

    region: str
    account: str | None = None
    """12 digits; None for the account that Trailbell runs in, which is the only one that is watched so far."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote."""
        account, _, region = text.rpartition("/")
        return cls(region=region, account=account or None)

    def __str__(self) -> str:
        """Write it as variables, reports and messages have it: `us-east-1`, `111122223333/us-east-1`."""
        return f"{self.account}/{self.region}" if self.account else self.region


def forwarded_places(home: str, regions: Iterable[str]) -> tuple[Place, ...]:
    """Return the places that need a forwarder: of the regions, those that are not home, and where IAM is recorded."""
    elsewhere = {global_region(home), *regions} - {home}
    return tuple(Place(region=region) for region in sorted(elsewhere))


def watched_places(home: str, regions: Iterable[str]) -> tuple[Place, ...]:
    """Return every place that is watched, home first."""
    return (Place(region=home), *forwarded_places(home, regions))
