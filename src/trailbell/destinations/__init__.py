"""The destinations that need a function. One file a kind; a kind is loaded when its function starts.

To add one: a file here with a `make`, its environment in `trailbell.contract`, its line in `app.py`, its place in the
config, its page.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from trailbell.contract.destinations import NotifierKind

if TYPE_CHECKING:
    from trailbell.alert import Alert
    from trailbell.destinations.transport.outcome import Outcome
    from trailbell.formats.digest import Digest


class Destination(Protocol):
    """Where alerts of one kind go."""

    def send(self, alert: "Alert", label: str) -> "Outcome":
        """Hand over one alert; `label` is empty where the route names none.

        Raises DeliveryError where the destination is not set up: the alert comes back until it is.
        """

    def send_digest(self, digest: "Digest", label: str) -> "Outcome":
        """Hand over a digest, as `send` does an alert."""


def make_destination(kind: NotifierKind, variables: Mapping[str, str]) -> Destination:
    """Return the destination of a kind. Raises VariableError where its deployment lacks something."""
    module = import_module(f"trailbell.destinations.{kind.replace('-', '_')}")
    made: Destination = module.make(variables)
    return made
