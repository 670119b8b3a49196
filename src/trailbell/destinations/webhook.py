"""Any HTTPS endpoint: the JSON alert, signed as the Standard Webhooks specification says."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailbell.contract.destinations import Surroundings
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.destinations.interface import Kind, endpoint_setting, setting
from trailbell.errors import DeliveryError

if TYPE_CHECKING:
    from trailbell.alert import Alert
    from trailbell.destinations.transport.outcome import Outcome
    from trailbell.formats.digest import Digest

HOW_TO_FILL = (
    'fill the secret with {"url": "https://...", "signing_key": "whsec_..."} (aws secretsmanager put-secret-value)'
)

MAX_BODY_BYTES = 1_000_000
"""Of a digest's part; a single alert is never near it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """An HTTPS endpoint that gets the JSON alert, signed. Its URL and key go to Secrets Manager."""

    host: str = setting("The host that the secret's URL must name.", shape="host")
    alerts_per_minute: int | None = setting(
        "Past so many, alerts wait for one digest a minute; no limit if left out.", default=None, shape="budget"
    )
    endpoint: str | None = endpoint_setting("Only for tests: http(s)://host[:port] to allow besides.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEnvironment(NotifierEnvironment):
    """What its function is told."""

    secret_arn: str
    webhook_host: str
    """The only host that the secret's URL may name."""
    endpoint: str | None = None


class Webhook:
    """Posts alerts to one URL."""

    def __init__(
        self, *, read_secret: Callable[[], str], host: str, endpoint: str | None, clock: Callable[[], float] = time.time
    ) -> None:
        """`host` is the one that the config names: the secret alone cannot send alerts elsewhere."""
        self._read_secret = read_secret
        self._host = host
        self._endpoint = endpoint
        self._clock = clock

    def send(self, alert: "Alert", label: str) -> "Outcome":
        """Post the JSON alert. Its `webhook-id` is the alert's, so a receiver knows one that comes twice."""
        from trailbell.formats.document import to_document

        del label
        return self._post(to_document(alert), alert.id)

    def send_digest(self, digest: "Digest", label: str) -> "Outcome":
        """Post the digest's JSON, with every alert in it, in as many parts as it takes.

        After a part that is not taken all of them come again, under the same ids.
        """
        from trailbell.destinations.transport.outcome import DELIVERED
        from trailbell.formats.digest import to_documents

        del label
        outcome = DELIVERED
        for part in to_documents(digest, MAX_BODY_BYTES, lambda document: len(json.dumps(document))):
            outcome = self._post(part, f"{digest.id}/{part['part']}")
            if outcome.kind != "delivered":
                break
        return outcome

    def _post(self, document: Mapping[str, Any], message_id: str) -> "Outcome":
        from trailbell.destinations.transport import web
        from trailbell.destinations.transport.secret import is_https, read_fields, text_field
        from trailbell.destinations.transport.signature import read_key, signed_headers

        content = read_fields(self._read_secret(), HOW_TO_FILL)
        url = text_field(content, "url", HOW_TO_FILL)
        if not is_https(url, (self._host,), endpoint=self._endpoint):
            raise DeliveryError(
                f"The secret's url does not begin with https://{self._host}/, the host that "
                "destinations.webhook.host names in the config"
            )
        key = read_key(text_field(content, "signing_key", HOW_TO_FILL))
        body = json.dumps(document, separators=(",", ":")).encode()
        headers = signed_headers(key, message_id=message_id, timestamp_seconds=int(self._clock()), body=body)
        return web.judge(web.post(url, body, headers))


class WebhookKind(Kind[WebhookSettings]):
    """A webhook."""

    title = "a webhook"
    description = "Any HTTPS endpoint."
    resources = "Webhook"
    settings = WebhookSettings
    holds = '`{"url": "https://siem.example.com/...", "signing_key": "whsec_..."}`'
    gets = (
        "the JSON alert ([schema](alert.schema.json)), signed by the "
        "[Standard Webhooks](https://www.standardwebhooks.com/) "
        "specification; its `webhook-id` is the alert's id"
    )
    environment = WebhookEnvironment
    secret_fields = ("url", "signing_key")
    begins_with = '{"url": "", "signing_key": ""}'

    def tell(self, settings: WebhookSettings, around: Surroundings) -> Mapping[str, Any]:
        """Return the host, and the place that the config allows besides."""
        del around
        return {"webhook_host": settings.host, "endpoint": settings.endpoint}

    def make(self, variables: Mapping[str, str]) -> Webhook:
        """Return the webhook as this function's deployment has it."""
        from trailbell.destinations.transport.secret import read_secret

        environment = WebhookEnvironment.read(variables)
        return Webhook(
            read_secret=lambda: read_secret(environment.secret_arn),
            host=environment.webhook_host,
            endpoint=environment.endpoint,
        )


KIND = WebhookKind()
