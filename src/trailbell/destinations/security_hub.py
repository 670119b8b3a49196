"""AWS Security Hub of the account and region that Trailbell runs in."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from trailbell.alert import Alert
from trailbell.contract.environments.notifiers import SecurityHubEnvironment
from trailbell.destinations.transport import aws_errors
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.formats.asff import finding
from trailbell.formats.digest import Digest
from trailbell.runtime.clients import connect

MAX_BATCH = 25
"""Findings in one request: of 100 that are allowed, as many as stay within its 6 MB at their largest."""


class SecurityHub:
    """Imports alerts as findings."""

    def __init__(self, *, account_id: str, partition: str) -> None:
        self._account_id = account_id
        self._partition = partition

    @cached_property
    def _client(self) -> Any:
        return connect("securityhub")

    def send(self, alert: Alert, label: str) -> Outcome:
        """Import the alert's finding; the same alert sent again updates the same finding."""
        del label
        return self._import([alert])

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        """Import a finding for each of the digest's alerts."""
        del label
        return self._import(digest.alerts)

    def _finding(self, alert: Alert) -> dict[str, Any]:
        region = self._client.meta.region_name
        return finding(alert, account_id=self._account_id, region=region, partition=self._partition)

    def _import(self, alerts: Sequence[Alert]) -> Outcome:
        from botocore.exceptions import BotoCoreError, ClientError

        for start in range(0, len(alerts), MAX_BATCH):
            findings = [self._finding(alert) for alert in alerts[start : start + MAX_BATCH]]
            try:
                answer = self._client.batch_import_findings(Findings=findings)
            except (BotoCoreError, ClientError) as error:
                return aws_errors.judge(error)
            if answer["FailedCount"]:
                # The message may quote the finding; the code says enough.
                return Outcome(kind="refused", reason=str(answer["FailedFindings"][0]["ErrorCode"]))
        return DELIVERED


def make(variables: Mapping[str, str]) -> SecurityHub:
    """Return Security Hub as this function's deployment has it."""
    environment = SecurityHubEnvironment.read(variables)
    return SecurityHub(account_id=environment.account, partition=environment.partition)
