"""What may differ from one repeat to the next, in the words that a follow-up uses."""

from collections.abc import Mapping
from typing import Protocol

from trailbell.record import Event, Origin, Principal, Resource

MAX_CHARACTERS = 200
"""Of one value: more than any address, region or event name has, and enough of a name to know it by."""


class Told(Protocol):
    """A record or an alert: what is known of one call."""

    @property
    def event(self) -> Event:
        """The call."""

    @property
    def principal(self) -> Principal:
        """Who acted."""

    @property
    def origin(self) -> Origin:
        """Where it came from."""

    @property
    def resources(self) -> tuple[Resource, ...]:
        """What it was about."""


def traits_of(told: Told) -> Mapping[str, str]:
    """Return the traits of one call; those it does not have are left out."""
    found = {
        "principal": told.principal.display,
        "source_ip": told.origin.address,
        "region": told.event.region,
        "resource": told.resources[0].id if told.resources else None,
        "event_name": told.event.name,
    }
    return {name: value[:MAX_CHARACTERS] for name, value in found.items() if value}
