"""Reads what a destination's secret holds. No error quotes it."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools.utilities.parameters import SecretsProvider

from trailbell.errors import DeliveryError
from trailbell.runtime.clients import client_config

CACHE_SECONDS = 60


@lru_cache(maxsize=1)
def _secrets() -> SecretsProvider:
    return SecretsProvider(boto_config=client_config("secretsmanager"))


def read_secret(arn: str) -> str:
    """Return the secret's text, kept for a minute."""
    return str(_secrets().get(arn, max_age=CACHE_SECONDS))


def read_fields(text: str, how_to_fill: str) -> Mapping[str, Any]:
    """Return the secret's JSON object. Raises DeliveryError where it is none."""
    try:
        content = json.loads(text)
    except ValueError as error:
        # `error` quotes the secret: it is not chained.
        raise DeliveryError(f"The secret is no JSON (character {getattr(error, 'pos', '?')}); {how_to_fill}") from None
    if not isinstance(content, Mapping):
        raise DeliveryError(f"The secret is no JSON object; {how_to_fill}")
    return content


def text_field(content: Mapping[str, Any], name: str, how_to_fill: str) -> str:
    """Return one field. Raises DeliveryError where it is not filled."""
    value = content.get(name)
    if not isinstance(value, str) or not value.strip():
        raise DeliveryError(f"The secret's {name} is not filled; {how_to_fill}")
    return value.strip()


def is_https(url: str, hosts: tuple[str, ...], *, endpoint: str | None = None) -> bool:
    """Tell whether a URL goes where alerts may go: https and one of the hosts, or what the deployment names besides.

    A host that begins with a dot stands for all below it. `endpoint` is `http(s)://host[:port]`.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if endpoint is not None and f"{parts.scheme}://{parts.netloc}" == endpoint:
        return True
    named = any(parts.netloc.endswith(host) if host.startswith(".") else parts.netloc == host for host in hosts)
    # Neither a port nor a name before an @ passes: the whole of netloc is compared.
    return parts.scheme == "https" and named and "@" not in parts.netloc and ":" not in parts.netloc
