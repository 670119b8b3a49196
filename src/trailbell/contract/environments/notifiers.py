"""The environment of each kind of notifier. They share a handler; the kind says which destination it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from trailbell.contract.destinations import HttpsFormat, NotifierKind, PagerDutyRegion
from trailbell.contract.environments import FunctionEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierEnvironment(FunctionEnvironment):
    """What every notifier is told."""

    handler: ClassVar[str] = "trailbell.functions.notifier.handler.handler"

    destination: NotifierKind
    queue_url: str
    """Its alerts."""
    dead_letters_url: str
    """What it will never be able to deliver."""
    claims_table: str
    """DynamoDB table: what is delivered."""
    windows_table: str | None = None
    """DynamoDB table: what the storm brake and the threads remember; None where it has neither."""
    alerts_per_minute: int | None = None
    """Its budget; None for none."""
    secret_arn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackEnvironment(NotifierEnvironment):
    """Slack's."""

    windows_table: str
    secret_arn: str
    slack_channel: str | None = None
    """Where a bot token posts unless the secret names another."""
    slack_channels: Mapping[str, str] = field(default_factory=dict)
    """A route's label -> the channel that a bot token posts to."""
    slack_endpoint: str | None = None
    """`http(s)://host[:port]`: the one further place that the deployment allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsEnvironment(NotifierEnvironment):
    """That of further SNS topics."""

    topics: Mapping[str, str]
    """A route's label -> the topic's ARN."""
    https_format: HttpsFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEnvironment(NotifierEnvironment):
    """That of a webhook."""

    secret_arn: str
    webhook_host: str
    """The only host that the secret's URL may name."""
    endpoint: str | None = None
    """As Slack's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsEnvironment(NotifierEnvironment):
    """That of Microsoft Teams."""

    secret_arn: str
    endpoint: str | None = None
    """As Slack's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDutyEnvironment(NotifierEnvironment):
    """PagerDuty's."""

    secret_arn: str
    pagerduty_region: PagerDutyRegion
    endpoint: str | None = None
    """As Slack's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityHubEnvironment(NotifierEnvironment):
    """Security Hub's."""

    account: str
    """12 digits: whose findings they are."""
    partition: str


BY_KIND: Mapping[NotifierKind, type[NotifierEnvironment]] = {
    "slack": SlackEnvironment,
    "topic": TopicsEnvironment,
    "webhook": WebhookEnvironment,
    "teams": TeamsEnvironment,
    "pagerduty": PagerDutyEnvironment,
    "security-hub": SecurityHubEnvironment,
}
