"""Slack: what the config, the stack, the notifier and `doctor` must know of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trailbell.contract.destinations import Surroundings
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.destinations.interface import (
    Checked,
    Kind,
    budget_setting,
    endpoint_setting,
    setting,
)

if TYPE_CHECKING:
    from trailbell.destinations.slack.sender import Slack


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """The Slack destination. Its webhook or token goes to Secrets Manager, never in here."""

    alerts_per_minute: int | None = budget_setting()
    enabled: bool = setting("Whether alerts go to Slack.", default=True)
    channel: str | None = setting('Channel, in quotes: "#alerts".', default=None, shape="text")
    """Only a label where a webhook is used: the webhook decides the channel."""
    channels: Mapping[str, str] = setting(
        "Further channels, by the label that routes call them: soc is the route slack/soc.",
        default_factory=dict,
        shape="texts by label",
    )
    endpoint: str | None = endpoint_setting("Only for tests and proxies: http(s)://host[:port] that answers for Slack.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackEnvironment(NotifierEnvironment):
    """What its function is told."""

    windows_table: str
    secret_arn: str
    slack_channel: str | None = None
    """Where a bot token posts unless the secret names another."""
    slack_channels: Mapping[str, str] = field(default_factory=dict)
    """A route's label -> the channel that a bot token posts to."""
    slack_endpoint: str | None = None
    """`http(s)://host[:port]`: the one further place that the deployment allows."""


class SlackKind(Kind[SlackSettings]):
    """Slack."""

    title = "Slack"
    description = "A Slack channel."
    resources = "Slack"
    settings = SlackSettings
    holds = (
        '`{"webhook_url": "https://hooks.slack.com/services/..."}` or `{"bot_token": "xoxb-...", "channel": "#alerts"}`'
    )
    gets = "a message; with a bot token, what follows goes into its thread"
    environment = SlackEnvironment
    secret_fields = ("webhook_url",)
    begins_with = '{"webhook_url": ""}'
    threads = True
    unnamed = SlackSettings(enabled=False)

    def is_on(self, settings: SlackSettings) -> bool:
        """Tell whether it is enabled."""
        return settings.enabled

    def labels(self, settings: SlackSettings) -> Sequence[str]:
        """Return the labels of the further channels."""
        return tuple(settings.channels)

    def tell(self, settings: SlackSettings, around: Surroundings) -> Mapping[str, Any]:
        """Return where a bot token posts, and who answers in Slack's place."""
        del around
        return {
            "slack_channel": settings.channel,
            "slack_channels": settings.channels,
            "slack_endpoint": settings.endpoint,
        }

    def make(self, variables: Mapping[str, str]) -> "Slack":
        """Return Slack as this function's deployment has it."""
        import time
        from datetime import UTC, datetime

        from trailbell.destinations.slack.sender import Slack
        from trailbell.destinations.slack.target import SlackPlaces
        from trailbell.destinations.transport.secret import read_secret
        from trailbell.tables.dynamodb import DynamoDb
        from trailbell.tables.threads import DynamoDbThreads

        environment = SlackEnvironment.read(variables)
        return Slack(
            read_secret=lambda: read_secret(environment.secret_arn),
            places=SlackPlaces(
                channel=environment.slack_channel,
                channels=environment.slack_channels,
                endpoint=environment.slack_endpoint,
            ),
            threads=DynamoDbThreads(environment.windows_table, DynamoDb(), now_seconds=time.time),
            clock=lambda: datetime.now(UTC),
        )

    def check(self, secret: str, settings: SlackSettings) -> Iterator[Checked]:
        """Ask Slack whether it knows what the secret holds, for each channel."""
        from trailbell.destinations.slack.check import check_slack

        return check_slack(secret, settings)


KIND = SlackKind()
