"""Microsoft Teams: a workflow that begins with "When a Teams webhook request is received"."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from trailbell.alert import Alert
from trailbell.contract.environments.notifiers import TeamsEnvironment
from trailbell.destinations.transport import web
from trailbell.destinations.transport.outcome import Outcome
from trailbell.destinations.transport.secret import is_https, read_fields, read_secret, text_field
from trailbell.errors import DeliveryError
from trailbell.formats.adaptive_card import digest_message, message
from trailbell.formats.digest import Digest

HOSTS = (".logic.azure.com", ".powerplatform.com", ".logic.azure.us", ".powerplatform.us")
"""Where Power Automate takes requests: workflows made before 2025, and those made since."""
HOW_TO_FILL = 'fill the secret with {"url": "https://..."}, the workflow\'s URL (aws secretsmanager put-secret-value)'


class Teams:
    """Posts alerts as cards to one workflow."""

    def __init__(self, *, read_secret: Callable[[], str], endpoint: str | None) -> None:
        self._read_secret = read_secret
        self._endpoint = endpoint

    def send(self, alert: Alert, label: str) -> Outcome:
        """Post the alert's card."""
        del label
        return self._post(message(alert))

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        """Post the digest's card."""
        del label
        return self._post(digest_message(digest))

    def _post(self, content: Mapping[str, Any]) -> Outcome:
        url = text_field(read_fields(self._read_secret(), HOW_TO_FILL), "url", HOW_TO_FILL)
        if not is_https(_without_port(url), HOSTS, endpoint=self._endpoint):
            raise DeliveryError(f"The secret's url is not one of a Power Automate workflow; {HOW_TO_FILL}")
        return web.judge(web.post(url, json.dumps(content).encode(), {}))


def _without_port(url: str) -> str:
    """Return a URL without `:443`, which Power Automate writes out."""
    return url.replace(":443/", "/", 1)


def make(variables: Mapping[str, str]) -> Teams:
    """Return Teams as this function's deployment has it."""
    environment = TeamsEnvironment.read(variables)
    return Teams(read_secret=lambda: read_secret(environment.secret_arn), endpoint=environment.endpoint)
