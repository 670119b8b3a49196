"""Further SNS topics: an alert as the alerts topic got it, to the topics that routes name by label."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from trailbell.alert import Alert
from trailbell.contract.destinations import HttpsFormat
from trailbell.contract.environments.notifiers import TopicsEnvironment
from trailbell.destinations.transport import aws_errors
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.formats.digest import Digest
from trailbell.formats.sns import digest_publications, publication
from trailbell.runtime.clients import connect

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class Topics:
    """Publishes alerts to topics of one's own."""

    def __init__(self, *, arns: Mapping[str, str], https_format: HttpsFormat) -> None:
        """`arns` gives a topic to each label."""
        self._arns = arns
        self._https_format = https_format

    @cached_property
    def _client(self) -> "SNSClient":
        client: SNSClient = connect("sns")
        return client

    def send(self, alert: Alert, label: str) -> Outcome:
        """Publish the alert to the label's topic."""
        return self._publish([publication(alert, https_format=self._https_format)], label)

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        """Publish the digest, with every alert in it, in as many parts as it takes."""
        return self._publish(digest_publications(digest), label)

    def _publish(self, publications: Iterable[Mapping[str, Any]], label: str) -> Outcome:
        from botocore.exceptions import BotoCoreError, ClientError

        if label not in self._arns:
            return Outcome(kind="refused", reason=f"destinations.topics has no {label}")
        try:
            for each in publications:
                self._client.publish(TopicArn=self._arns[label], **each)
        except (BotoCoreError, ClientError) as error:
            return aws_errors.judge(error)
        return DELIVERED


def make(variables: Mapping[str, str]) -> Topics:
    """Return the topics as this function's deployment has them."""
    environment = TopicsEnvironment.read(variables)
    return Topics(
        arns=environment.topics,
        https_format=environment.https_format,
    )
