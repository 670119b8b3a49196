"""Microsoft Teams: a workflow that begins with "When a Teams webhook request is received"."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailbell.contract.destinations import Surroundings
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.destinations.interface import Kind, budget_setting, endpoint_setting
from trailbell.errors import DeliveryError

if TYPE_CHECKING:
    from trailbell.alert import Alert
    from trailbell.destinations.transport.outcome import Outcome
    from trailbell.formats.digest import Digest

HOSTS = (".logic.azure.com", ".powerplatform.com", ".logic.azure.us", ".powerplatform.us")
"""Where Power Automate takes requests: workflows made before 2025, and those made since."""
HOW_TO_FILL = 'fill the secret with {"url": "https://..."}, the workflow\'s URL (aws secretsmanager put-secret-value)'


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsSettings:
    """A Microsoft Teams workflow. Its URL goes to Secrets Manager."""

    alerts_per_minute: int | None = budget_setting()
    endpoint: str | None = endpoint_setting("Only for tests: http(s)://host[:port] to allow besides.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsEnvironment(NotifierEnvironment):
    """What its function is told."""

    secret_arn: str
    endpoint: str | None = None


class Teams:
    """Posts alerts as cards to one workflow."""

    def __init__(self, *, read_secret: Callable[[], str], endpoint: str | None) -> None:
        self._read_secret = read_secret
        self._endpoint = endpoint

    def send(self, alert: "Alert", label: str) -> "Outcome":
        """Post the alert's card."""
        from trailbell.formats.adaptive_card import message

        del label
        return self._post(message(alert))

    def send_digest(self, digest: "Digest", label: str) -> "Outcome":
        """Post the digest's card."""
        from trailbell.formats.adaptive_card import digest_message

        del label
        return self._post(digest_message(digest))

    def _post(self, content: Mapping[str, Any]) -> "Outcome":
        from trailbell.destinations.transport import web
        from trailbell.destinations.transport.secret import is_https, read_fields, text_field

        url = text_field(read_fields(self._read_secret(), HOW_TO_FILL), "url", HOW_TO_FILL)
        if not is_https(_without_port(url), HOSTS, endpoint=self._endpoint):
            raise DeliveryError(f"The secret's url is not one of a Power Automate workflow; {HOW_TO_FILL}")
        return web.judge(web.post(url, json.dumps(content).encode(), {}))


def _without_port(url: str) -> str:
    """Return a URL without `:443`, which Power Automate writes out."""
    return url.replace(":443/", "/", 1)


class TeamsKind(Kind[TeamsSettings]):
    """Microsoft Teams."""

    title = "Microsoft Teams"
    description = "A Microsoft Teams workflow."
    resources = "Teams"
    settings = TeamsSettings
    holds = '`{"url": "https://..."}`, of a workflow that begins with "When a Teams webhook request is received"'
    gets = "an Adaptive Card"
    environment = TeamsEnvironment
    secret_fields = ("url",)
    begins_with = '{"url": ""}'

    def tell(self, settings: TeamsSettings, around: Surroundings) -> Mapping[str, Any]:
        """Return the place that the config allows besides."""
        del around
        return {"endpoint": settings.endpoint}

    def make(self, variables: Mapping[str, str]) -> Teams:
        """Return Teams as this function's deployment has it."""
        from trailbell.destinations.transport.secret import read_secret

        environment = TeamsEnvironment.read(variables)
        return Teams(read_secret=lambda: read_secret(environment.secret_arn), endpoint=environment.endpoint)


KIND = TeamsKind()
