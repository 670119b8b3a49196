"""PagerDuty: the Events API v2 of one service's integration."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from trailbell.alert import Alert
from trailbell.contract.destinations import PagerDutyRegion
from trailbell.contract.environments.notifiers import PagerDutyEnvironment
from trailbell.destinations.transport import web
from trailbell.destinations.transport.outcome import Outcome
from trailbell.destinations.transport.secret import read_fields, read_secret, text_field
from trailbell.formats.digest import Digest
from trailbell.formats.pagerduty import digest_event, event

HOSTS: Mapping[PagerDutyRegion, str] = {"us": "https://events.pagerduty.com", "eu": "https://events.eu.pagerduty.com"}
"""By the service region of the PagerDuty account."""
HOW_TO_FILL = (
    'fill the secret with {"routing_key": "..."}, the integration key of an Events API v2 integration '
    "(aws secretsmanager put-secret-value)"
)


class PagerDuty:
    """Triggers incidents in one service."""

    def __init__(self, *, read_secret: Callable[[], str], endpoint: str) -> None:
        self._read_secret = read_secret
        self._endpoint = endpoint

    def send(self, alert: Alert, label: str) -> Outcome:
        """Send the alert as an event."""
        del label
        return self._post(event(alert, self._routing_key()))

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        """Send the digest as one event."""
        del label
        return self._post(digest_event(digest, self._routing_key()))

    def _routing_key(self) -> str:
        return text_field(read_fields(self._read_secret(), HOW_TO_FILL), "routing_key", HOW_TO_FILL)

    def _post(self, content: Mapping[str, Any]) -> Outcome:
        return web.judge(web.post(f"{self._endpoint}/v2/enqueue", json.dumps(content).encode(), {}))


def make(variables: Mapping[str, str]) -> PagerDuty:
    """Return PagerDuty as this function's deployment has it."""
    environment = PagerDutyEnvironment.read(variables)
    endpoint = environment.endpoint or HOSTS[environment.pagerduty_region]
    return PagerDuty(read_secret=lambda: read_secret(environment.secret_arn), endpoint=endpoint)
