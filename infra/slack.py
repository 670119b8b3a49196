"""Slack as a destination: a queue behind the alerts topic, a notifier, and the secret that it reads."""

from pathlib import Path

from aws_cdk import (
    Duration,
    RemovalPolicy,
    aws_lambda_event_sources,
    aws_secretsmanager,
    aws_sns,
    aws_sns_subscriptions,
)
from constructs import Construct

from infra import bundling
from infra.function import Function
from infra.nag import acknowledge
from infra.queues import dead_letter_queue, work_queue
from infra.settings import SlackSettings

TIMEOUT = Duration.seconds(60)
VISIBILITY_TIMEOUT = Duration.seconds(6 * 60)
"""Six times the function's timeout, as Lambda asks for with SQS.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""
MAX_RECEIVE_COUNT = 12
"""With the notifier's growing waits, about an hour of trying."""
MAX_CONCURRENCY = 2
"""Slack takes about one message a second and channel; more notifiers at once would only be told to wait."""
BATCH_SIZE = 5


class Slack(Construct):
    """Takes every alert of the topic to Slack."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        project_root: Path,
        topic: aws_sns.ITopic,
        settings: SlackSettings,
        log_retention_days: int,
    ) -> None:
        super().__init__(scope, id_)
        self.dead_letters = dead_letter_queue(self, "DeadLetters")
        self.queue = work_queue(
            self,
            "Queue",
            dead_letters=self.dead_letters,
            max_receive_count=MAX_RECEIVE_COUNT,
            visibility_timeout=VISIBILITY_TIMEOUT,
        )
        topic.add_subscription(
            aws_sns_subscriptions.SqsSubscription(
                self.queue,
                raw_message_delivery=True,
                dead_letter_queue=self.dead_letters,
            )
        )
        self.secret = aws_secretsmanager.Secret(
            self,
            "Secret",
            description='Trailbell: the way to Slack. {"webhook_url": "..."} or {"bot_token": "...", "channel": "..."}',
            generate_secret_string=aws_secretsmanager.SecretStringGenerator(
                # No secret yet: its user fills it.
                secret_string_template='{"webhook_url": ""}',  # noqa: S106
                generate_string_key="unused",
            ),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.secret,
            "AwsSolutions-SMG4",
            "Slack has no API that rotates a webhook or a bot token; a person replaces it in this secret.",
        )
        part = Function(
            self,
            "Notifier",
            service="slack_notifier",
            description="Trailbell: posts alerts to Slack",
            code=bundling.bundle(project_root, "slack_notifier", {}),
            handler="slack_notifier.handler.handler",
            environment={
                "TRAILBELL_SLACK_SECRET_ARN": self.secret.secret_arn,
                "TRAILBELL_SLACK_QUEUE_URL": self.queue.queue_url,
                "TRAILBELL_SLACK_DEAD_LETTERS_URL": self.dead_letters.queue_url,
                **({"TRAILBELL_SLACK_CHANNEL": settings.channel} if settings.channel else {}),
                **({"TRAILBELL_SLACK_ENDPOINT": settings.endpoint} if settings.endpoint else {}),
            },
            timeout=TIMEOUT,
            log_retention_days=log_retention_days,
        )
        self.function = part.function
        self.role = part.role
        self.log_group = part.log_group
        self.function.add_event_source(
            aws_lambda_event_sources.SqsEventSource(
                self.queue,
                batch_size=BATCH_SIZE,
                max_concurrency=MAX_CONCURRENCY,
                report_batch_item_failures=True,
            )
        )
