"""PagerDuty: the Events API v2 of one service's integration."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from trailbell.contract.destinations import Surroundings
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.destinations.interface import Kind, budget_setting, endpoint_setting, setting

if TYPE_CHECKING:
    from trailbell.alert import Alert
    from trailbell.destinations.transport.outcome import Outcome
    from trailbell.formats.digest import Digest

PagerDutyRegion = Literal["us", "eu"]
"""The service region of a PagerDuty account."""
HOSTS: Mapping[PagerDutyRegion, str] = {"us": "https://events.pagerduty.com", "eu": "https://events.eu.pagerduty.com"}
"""By the service region of the PagerDuty account."""
HOW_TO_FILL = (
    'fill the secret with {"routing_key": "..."}, the integration key of an Events API v2 integration '
    "(aws secretsmanager put-secret-value)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDutySettings:
    """A PagerDuty service. Its routing key goes to Secrets Manager."""

    alerts_per_minute: int | None = budget_setting()
    region: PagerDutyRegion = setting("Service region of the PagerDuty account.", default="us")
    endpoint: str | None = endpoint_setting(
        "Only for tests and proxies: http(s)://host[:port] that answers for PagerDuty."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDutyEnvironment(NotifierEnvironment):
    """What its function is told."""

    secret_arn: str
    pagerduty_region: PagerDutyRegion
    endpoint: str | None = None


class PagerDuty:
    """Triggers incidents in one service."""

    def __init__(self, *, read_secret: Callable[[], str], endpoint: str) -> None:
        self._read_secret = read_secret
        self._endpoint = endpoint

    def send(self, alert: "Alert", label: str) -> "Outcome":
        """Send the alert as an event."""
        from trailbell.formats.pagerduty import event

        del label
        return self._post(event(alert, self._routing_key()))

    def send_digest(self, digest: "Digest", label: str) -> "Outcome":
        """Send the digest as one event."""
        from trailbell.formats.pagerduty import digest_event

        del label
        return self._post(digest_event(digest, self._routing_key()))

    def _routing_key(self) -> str:
        from trailbell.destinations.transport.secret import read_fields, text_field

        return text_field(read_fields(self._read_secret(), HOW_TO_FILL), "routing_key", HOW_TO_FILL)

    def _post(self, content: Mapping[str, Any]) -> "Outcome":
        from trailbell.destinations.transport import web

        return web.judge(web.post(f"{self._endpoint}/v2/enqueue", json.dumps(content).encode(), {}))


class PagerDutyKind(Kind[PagerDutySettings]):
    """PagerDuty."""

    title = "PagerDuty"
    description = "A PagerDuty service."
    resources = "PagerDuty"
    settings = PagerDutySettings
    holds = '`{"routing_key": "..."}`, of an Events API v2 integration'
    gets = "an incident; its `dedup_key` is the alert's id"
    environment = PagerDutyEnvironment
    secret_fields = ("routing_key",)
    begins_with = '{"routing_key": ""}'

    def tell(self, settings: PagerDutySettings, around: Surroundings) -> Mapping[str, Any]:
        """Return the account's service region, and who answers in its place."""
        del around
        return {"pagerduty_region": settings.region, "endpoint": settings.endpoint}

    def make(self, variables: Mapping[str, str]) -> PagerDuty:
        """Return PagerDuty as this function's deployment has it."""
        from trailbell.destinations.transport.secret import read_secret

        environment = PagerDutyEnvironment.read(variables)
        endpoint = environment.endpoint or HOSTS[environment.pagerduty_region]
        return PagerDuty(read_secret=lambda: read_secret(environment.secret_arn), endpoint=endpoint)


KIND = PagerDutyKind()
