"""A destination that needs a function: a queue behind the alerts topic, a notifier, and the secret that it reads."""

from pathlib import Path

from aws_cdk import (
    Duration,
    RemovalPolicy,
    aws_secretsmanager,
    aws_sns,
    aws_sns_subscriptions,
)
from constructs import Construct

from trailbell.contract.retention import LogRetentionDays
from trailbell.infra.base import bundling
from trailbell.infra.base.function import Function
from trailbell.infra.base.nag import acknowledge
from trailbell.infra.base.queues import dead_letter_queue, work_queue
from trailbell.infra.settings import NotifierSettings

TIMEOUT = Duration.seconds(90)
MAX_RECEIVE_COUNT = 300
"""With the notifier's waits of up to a minute, about four hours of trying: longer than chat programs are usually down.

Only what may pass is tried again; what is refused for good is a dead letter at once.
"""
MAX_CONCURRENCY = 2
"""Slack takes about one message a second and channel; more notifiers at once would only be told to wait."""
BATCH_SIZE = 5


class Notifier(Construct):
    """Takes every alert of the topic that is routed there to one destination."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        build_folder: Path,
        topic: aws_sns.ITopic,
        settings: NotifierSettings,
        claims_table: str,
        windows_table: str,
        log_retention_days: LogRetentionDays,
    ) -> None:
        super().__init__(scope, id_)
        self.dead_letters = dead_letter_queue(self, "DeadLetters")
        self.queue = work_queue(
            self,
            "Queue",
            dead_letters=self.dead_letters,
            max_receive_count=MAX_RECEIVE_COUNT,
            function_timeout=TIMEOUT,
        )
        topic.add_subscription(
            aws_sns_subscriptions.SqsSubscription(
                self.queue,
                raw_message_delivery=True,
                dead_letter_queue=self.dead_letters,
            )
        )
        self.secret = self._empty_secret(settings) if settings.secret_fields else None
        part = Function(
            self,
            "Notifier",
            description=f"Trailbell: takes alerts to {settings.title}",
            code=bundling.bundle(build_folder, "notifier", {}),
            environment=settings.environment(
                service=settings.service,
                destination=settings.kind,
                queue_url=self.queue.queue_url,
                dead_letters_url=self.dead_letters.queue_url,
                claims_table=claims_table,
                windows_table=windows_table if settings.remembers else None,
                alerts_per_minute=settings.alerts_per_minute,
                secret_arn=self.secret.secret_arn if self.secret else None,
            ),
            timeout=TIMEOUT,
            log_retention_days=log_retention_days,
        )
        self.function = part.function
        self.role = part.role
        self.log_group = part.log_group
        part.take_from(self.queue, batch_size=BATCH_SIZE, max_concurrency=MAX_CONCURRENCY)

    def _empty_secret(self, settings: NotifierSettings) -> aws_secretsmanager.Secret:
        secret = aws_secretsmanager.Secret(
            self,
            "Secret",
            description=f"Trailbell: the way to {settings.title}. Fill in {', '.join(settings.secret_fields)}",
            generate_secret_string=aws_secretsmanager.SecretStringGenerator(
                # No secret yet: its user fills it. Whatever changes here, CloudFormation writes a new one over theirs:
                # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
                secret_string_template=settings.secret_template,
                generate_string_key="unused",
            ),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            secret,
            "AwsSolutions-SMG4",
            f"{settings.title} has no API that rotates what is in here; a person replaces it in this secret.",
        )
        return secret
