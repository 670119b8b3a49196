"""Signs what a webhook receives, by the Standard Webhooks specification, for which most languages have a library.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from trailbell.errors import DeliveryError

PREFIX = "whsec_"
FEWEST_KEY_BYTES = 24
"""By the specification: 24 to 64 bytes."""


def signed_headers(key: bytes, *, message_id: str, timestamp_seconds: int, body: bytes) -> Mapping[str, str]:
    """Return the headers that let a receiver tell who sent the body and when, and know one that comes again."""
    content = f"{message_id}.{timestamp_seconds}.".encode() + body
    digest = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_seconds),
        "webhook-signature": f"v1,{digest}",
    }


def read_key(secret: str) -> bytes:
    """Return the key of a `whsec_...` secret. Raises DeliveryError, whose message does not hold the secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else b""
    except binascii.Error:
        key = b""
    if len(key) < FEWEST_KEY_BYTES:
        raise DeliveryError(
            f"The webhook's signing_key must be {PREFIX} and at least {FEWEST_KEY_BYTES} random bytes in Base64: "
            'python3 -c "import base64, secrets; '
            "print('whsec_' + base64.b64encode(secrets.token_bytes(32)).decode())\""
        )
    return key
