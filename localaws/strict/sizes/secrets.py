"""The size of a secret: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import secretsmanager

from localaws.strict.sizes.limit import TooLargeError, limit

VALUE = 65_536
"""Bytes."""
JUDGED = ("CreateSecret", "PutSecretValue", "UpdateSecret")


def install() -> None:
    """Judge secrets that come by the API."""
    handle = secretsmanager.handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: Mapping[str, Any]
    ) -> Any:
        if headers.get("x-amz-target", "").rpartition(".")[2] in JUDGED:
            request = json.loads(body)
            try:
                _limit_value(request.get("SecretId") or request.get("Name"), request)
            except TooLargeError as error:
                return error_response_json("ValidationException", str(error), 400)
        return await handle(method, path, headers, body, query_params)

    secretsmanager.handle_request = handle_request


def _limit_value(name: str, request: Mapping[str, Any]) -> None:
    sizes = (
        len((request.get("SecretString") or "").encode()),
        len(base64.b64decode(request.get("SecretBinary") or "")),
    )
    limit(max(sizes), VALUE, what="value", action="secretsmanager:PutSecretValue", resource=f"secret:{name}")
