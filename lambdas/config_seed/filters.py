"""Asks filter sync for what a deployment needs. What goes wrong is told and no more: it tries again by itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

READ_SECONDS = 120
"""More than filter sync takes; past that, it goes on without being waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSync:
    """The function that keeps the filters in line."""

    client: "LambdaClient"
    function: str

    def widen(self, version: int) -> str:
        """Let through what a version needs that is about to be deployed. Returns what went wrong."""
        return self._ask({"widen": version})

    def settle(self) -> str:
        """Bring the filters in line with what is in force. Returns what went wrong."""
        return self._ask({})

    def _ask(self, event: Mapping[str, Any]) -> str:
        try:
            answer = self.client.invoke(FunctionName=self.function, Payload=json.dumps(event).encode())
            report = json.loads(answer["Payload"].read() or b"{}") or {}
        except (BotoCoreError, ClientError, ValueError) as error:
            return f"filter sync does not answer: {error}"
        if "FunctionError" in answer:
            return str(report.get("errorMessage", report))
        refused = report.get("refused", {})
        return "; ".join(f"{region}: {reason}" for region, reason in refused.items())
