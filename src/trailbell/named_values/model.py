"""What a named value is, and of what it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from trailbell.record import Event, Origin, Principal, Resource

Use = Literal["key", "placeholder", "trait", "attribute", "filter"]
"""Where a value may be named: `by` of a rule's windows, its `summary`, what differed among repeats, SNS's message
attributes, and the command's filters of past events."""


class Call(Protocol):
    """A record or an alert: what is known of one call."""

    @property
    def event(self) -> "Event":
        """The call."""

    @property
    def principal(self) -> "Principal":
        """Who acted."""

    @property
    def origin(self) -> "Origin":
        """Where it came from."""

    @property
    def resources(self) -> "tuple[Resource, ...]":
        """What it was about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedValue:
    """One value, and what it is called."""

    name: str
    meaning: str
    uses: tuple[Use, ...]
    read: Callable[[Call], str | None]
    """The value as machines take it: in traits, attributes and filters."""
    same: Callable[[Call], str | None] | None = None
    """What two calls must share for a key to be the same, where that is not the value itself."""
    said: Callable[[Call], str] | None = None
    """What a sentence says, where that is not the value itself."""
    absent: str = ""
    """What a sentence says where a call has no such value."""
    fact: str | None = None
    """The fact that is the same value."""
    formerly: Mapping[Use, str] = field(default_factory=dict)
    """What it was called first. Configs may still say so, and it stays where it is kept: see `stored_as`."""

    def key(self, call: Call) -> str | None:
        """Return what makes two calls the same."""
        return (self.same or self.read)(call)

    def words(self, call: Call) -> str:
        """Return what a sentence says."""
        return (self.said or self.read)(call) or self.absent

    def stored_as(self, use: Use) -> str:
        """Return the name under which it is kept in tables and in compiled configs: never another than the first.

        With another, a deployed account would forget its windows, and functions of an earlier version would refuse
        a config that says the same.
        """
        return self.formerly.get(use, self.name)
