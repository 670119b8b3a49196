"""The destinations that need a function. One file a kind; a kind is loaded when its function starts.

To add one: a file here with a `make`, a line in `KINDS`, a construct in `infra/`, its place in the config, its page.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol

from notifier.outcome import Outcome
from trailbell.alert import Alert
from trailbell.render.digest import Digest

KINDS = ("slack", "topic", "webhook", "teams", "pagerduty", "security-hub")
"""What the config's routes call them; `slack/soc` is the label `soc` of the kind `slack`."""


class Destination(Protocol):
    """Where alerts of one kind go."""

    def send(self, alert: Alert, label: str) -> Outcome:
        """Hand over one alert; `label` is empty where the route names none.

        Raises DeliveryError where the destination is not set up: the alert comes back until it is.
        """

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        """Hand over a digest, as `send` does an alert."""


def make_destination(kind: str, environment: Mapping[str, str]) -> Destination:
    """Return the destination of a kind. Raises KeyError where its deployment lacks something."""
    if kind not in KINDS:
        raise KeyError(kind)
    module = import_module(f"notifier.destinations.{kind.replace('-', '_')}")
    made: Destination = module.make(environment)
    return made
