"""Any HTTPS endpoint: the JSON alert, signed as the Standard Webhooks specification says."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from trailbell.alert import Alert
from trailbell.contract.environments.notifiers import WebhookEnvironment
from trailbell.destinations.transport import web
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.destinations.transport.secret import is_https, read_fields, read_secret, text_field
from trailbell.destinations.transport.signature import read_key, signed_headers
from trailbell.errors import DeliveryError
from trailbell.formats.digest import Digest, to_documents
from trailbell.formats.document import to_document

HOW_TO_FILL = (
    'fill the secret with {"url": "https://...", "signing_key": "whsec_..."} (aws secretsmanager put-secret-value)'
)

MAX_BODY_BYTES = 1_000_000
"""Of a digest's part; a single alert is never near it."""


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

    def send(self, alert: Alert, label: str) -> Outcome:
        """Post the JSON alert. Its `webhook-id` is the alert's, so a receiver knows one that comes twice."""
        del label
        return self._post(to_document(alert), alert.id)

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        """Post the digest's JSON, with every alert in it, in as many parts as it takes.

        After a part that is not taken all of them come again, under the same ids.
        """
        del label
        outcome = DELIVERED
        for part in to_documents(digest, MAX_BODY_BYTES, lambda document: len(json.dumps(document))):
            outcome = self._post(part, f"{digest.id}/{part['part']}")
            if outcome.kind != "delivered":
                break
        return outcome

    def _post(self, document: Mapping[str, Any], message_id: str) -> Outcome:
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


def make(variables: Mapping[str, str]) -> Webhook:
    """Return the webhook as this function's deployment has it."""
    environment = WebhookEnvironment.read(variables)
    return Webhook(
        read_secret=lambda: read_secret(environment.secret_arn),
        host=environment.webhook_host,
        endpoint=environment.endpoint,
    )
