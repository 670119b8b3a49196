"""AWS Security Hub of the account and region that Trailbell runs in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from trailbell.contract.destinations import Statement, Surroundings
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.destinations.interface import Kind

if TYPE_CHECKING:
    from trailbell.alert import Alert
    from trailbell.destinations.transport.outcome import Outcome
    from trailbell.formats.digest import Digest

MAX_BATCH = 25
"""Findings in one request: of 100 that are allowed, as many as stay within its 6 MB at their largest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityHubSettings:
    """Findings in the Security Hub of Trailbell's own account and home region, which must be switched on there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityHubEnvironment(NotifierEnvironment):
    """What its function is told."""

    account: str
    """12 digits: whose findings they are."""
    partition: str


class SecurityHub:
    """Imports alerts as findings."""

    def __init__(self, *, account_id: str, partition: str) -> None:
        self._account_id = account_id
        self._partition = partition

    @cached_property
    def _client(self) -> Any:
        from trailbell.runtime.clients import connect

        return connect("securityhub")

    def send(self, alert: "Alert", label: str) -> "Outcome":
        """Import the alert's finding; the same alert sent again updates the same finding."""
        del label
        return self._import([alert])

    def send_digest(self, digest: "Digest", label: str) -> "Outcome":
        """Import a finding for each of the digest's alerts."""
        del label
        return self._import(digest.alerts)

    def _finding(self, alert: "Alert") -> dict[str, Any]:
        from trailbell.formats.asff import finding

        region = self._client.meta.region_name
        return finding(alert, account_id=self._account_id, region=region, partition=self._partition)

    def _import(self, alerts: "Sequence[Alert]") -> "Outcome":
        from botocore.exceptions import BotoCoreError, ClientError

        from trailbell.destinations.transport import aws_errors
        from trailbell.destinations.transport.outcome import DELIVERED, Outcome

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


class SecurityHubKind(Kind[SecurityHubSettings]):
    """AWS Security Hub."""

    title = "AWS Security Hub"
    description = "Security Hub findings: `security_hub: {}` switches them on."
    resources = "SecurityHub"
    settings = SecurityHubSettings
    gets = "a finding in the Security Hub of this account and region"
    environment = SecurityHubEnvironment

    def tell(self, settings: SecurityHubSettings, around: Surroundings) -> Mapping[str, Any]:
        """Return whose findings they are."""
        del settings
        return {"account": around.account, "partition": around.partition}

    def statements(self, settings: SecurityHubSettings, around: Surroundings) -> Sequence[Statement]:
        """Return the leave to import findings of the account's own product."""
        del settings
        product = f"product/{around.account}/default"
        arn = f"arn:{around.partition}:securityhub:{around.region}:{around.account}:{product}"
        return (Statement(actions=("securityhub:BatchImportFindings",), resources=(arn,)),)

    def make(self, variables: Mapping[str, str]) -> SecurityHub:
        """Return Security Hub as this function's deployment has it."""
        environment = SecurityHubEnvironment.read(variables)
        return SecurityHub(account_id=environment.account, partition=environment.partition)


KIND = SecurityHubKind()
