"""Publishes alerts to the SNS topic."""

from functools import cached_property
from typing import TYPE_CHECKING

from trailbell.errors import DeliveryError
from trailbell.outbox import heartbeat
from trailbell.runtime.clients import connect

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

    from trailbell.alert import Alert


class SnsTopic:
    """The alerts topic."""

    def __init__(self, arn: str, *, https_format: str) -> None:
        self._arn = arn
        self._https_format = https_format

    @cached_property
    def _client(self) -> "SNSClient":
        # Lambda's own retries come on top of its.
        client: SNSClient = connect("sns")
        return client

    def connect(self) -> None:
        """Make the client; nothing is published yet."""
        self._client  # noqa: B018 - it is kept

    def publish(self, alert: "Alert") -> None:
        """Publish one alert. Raises DeliveryError."""
        from botocore.exceptions import BotoCoreError, ClientError

        from trailbell.formats.sns import publication

        try:
            self._client.publish(TopicArn=self._arn, **publication(alert, https_format=self._https_format))
        except (BotoCoreError, ClientError) as error:
            raise DeliveryError(f"SNS topic {self._arn} did not take alert {alert.id}: {error}") from error

    def beat(self, topic_arn: str, config_version: str) -> None:
        """Publish the heartbeat to its own topic, as alerts are to theirs. Raises DeliveryError."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.publish(TopicArn=topic_arn, Message=heartbeat.message(config_version))
        except (BotoCoreError, ClientError) as error:
            raise DeliveryError(f"SNS topic {topic_arn} did not take the heartbeat: {error}") from error
