"""Further SNS topics: an alert as the alerts topic got it, to the topics that routes name by label."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from trailbell.contract.destinations import Statement, Surroundings
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.destinations.interface import Kind, setting

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

    from trailbell.alert import Alert
    from trailbell.destinations.transport.outcome import Outcome
    from trailbell.formats.digest import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSettings:
    """Further SNS topics."""

    topics: Mapping[str, str] = setting(
        "Topics of your own, by the label that routes call them: pager is the route topic/pager.",
        default_factory=dict,
        shape="topics by label",
    )
    topics_alerts_per_minute: int | None = setting(
        "Past so many, alerts wait for one digest a minute and topic; no limit if left out.",
        default=None,
        shape="budget",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEnvironment(NotifierEnvironment):
    """What its function is told."""

    topics: Mapping[str, str]
    """A route's label -> the topic's ARN."""
    https_format: str


class Topics:
    """Publishes alerts to topics of one's own."""

    def __init__(self, *, arns: Mapping[str, str], https_format: str) -> None:
        """`arns` gives a topic to each label."""
        self._arns = arns
        self._https_format = https_format

    @cached_property
    def _client(self) -> "SNSClient":
        from trailbell.runtime.clients import connect

        client: SNSClient = connect("sns")
        return client

    def send(self, alert: "Alert", label: str) -> "Outcome":
        """Publish the alert to the label's topic."""
        from trailbell.formats.sns import publication

        return self._publish([publication(alert, https_format=self._https_format)], label)

    def send_digest(self, digest: "Digest", label: str) -> "Outcome":
        """Publish the digest, with every alert in it, in as many parts as it takes."""
        from trailbell.formats.sns import digest_publications

        return self._publish(digest_publications(digest), label)

    def _publish(self, publications: Iterable[Mapping[str, Any]], label: str) -> "Outcome":
        from botocore.exceptions import BotoCoreError, ClientError

        from trailbell.destinations.transport import aws_errors
        from trailbell.destinations.transport.outcome import DELIVERED, Outcome

        if label not in self._arns:
            return Outcome(kind="refused", reason=f"destinations.topics has no {label}")
        try:
            for each in publications:
                self._client.publish(TopicArn=self._arns[label], **each)
        except (BotoCoreError, ClientError) as error:
            return aws_errors.judge(error)
        return DELIVERED


class TopicKind(Kind[TopicSettings]):
    """Further SNS topics."""

    title = "further SNS topics"
    description = "Topics of your own."
    resources = "Topics"
    settings = TopicSettings
    gets = "what the alerts topic gets"
    environment = TopicEnvironment
    unnamed = TopicSettings()
    spread = True

    def is_on(self, settings: TopicSettings) -> bool:
        """Tell whether there are any."""
        return bool(settings.topics)

    def labels(self, settings: TopicSettings) -> Sequence[str]:
        """Return the topics' labels."""
        return tuple(settings.topics)

    def budget(self, settings: TopicSettings) -> int | None:
        """Return what each of them takes a minute."""
        return settings.topics_alerts_per_minute

    def tell(self, settings: TopicSettings, around: Surroundings) -> Mapping[str, Any]:
        """Return the topics, and what their HTTPS subscribers get."""
        return {"topics": settings.topics, "https_format": around.https_format}

    def statements(self, settings: TopicSettings, around: Surroundings) -> Sequence[Statement]:
        """Return the leave to publish to them."""
        del around
        return (Statement(actions=("sns:Publish",), resources=tuple(settings.topics.values())),)

    def make(self, variables: Mapping[str, str]) -> Topics:
        """Return the topics as this function's deployment has them."""
        environment = TopicEnvironment.read(variables)
        return Topics(arns=environment.topics, https_format=environment.https_format)


KIND = TopicKind()
