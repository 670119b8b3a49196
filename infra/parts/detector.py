"""The detector: one function, and a queue for the events that it could not handle."""

from collections.abc import Callable

from aws_cdk import Duration, aws_lambda, aws_lambda_destinations
from constructs import Construct

from trailbell.contract.environments.detection import DetectorEnvironment
from trailbell.contract.retention import LogRetentionDays
from trailbell.infra.base.function import Function
from trailbell.infra.base.queues import dead_letter_queue

TIMEOUT = Duration.seconds(30)
MAX_EVENT_AGE = Duration.hours(6)
"""Lambda's own maximum for asynchronous invocations."""
RETRY_ATTEMPTS = 2
"""Lambda's own maximum for asynchronous invocations."""


class Detector(Construct):
    """Reads events, decides, publishes alerts."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: aws_lambda.Code,
        environment: Callable[..., DetectorEnvironment],
        log_retention_days: LogRetentionDays,
    ) -> None:
        """`environment` lacks the dead-letter queue."""
        super().__init__(scope, id_)
        self.dead_letters = dead_letter_queue(self, "DeadLetters")
        part = Function(
            self,
            "Detector",
            description="Trailbell: turns CloudTrail events into alerts",
            code=code,
            environment=environment(dead_letters_url=self.dead_letters.queue_url),
            timeout=TIMEOUT,
            log_retention_days=log_retention_days,
            retry_attempts=RETRY_ATTEMPTS,
            max_event_age=MAX_EVENT_AGE,
            on_failure=aws_lambda_destinations.SqsDestination(self.dead_letters),
        )
        self.function = part.function
        self.role = part.role
        self.log_group = part.log_group

    def woken_by(self, *rule_arns: str) -> aws_lambda.CfnResourcePolicy:
        """Let EventBridge rules invoke the detector, and nobody else. The ARNs may hold wildcards.

        One policy: a permission for each rule outgrows what a function's policy may hold, and this resource overwrites
        what `AWS::Lambda::Permission` adds, so there must be none.
        """
        statement = {
            "Sid": "FiltersWakeTheDetector",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": self.function.function_arn,
            "Condition": {"ArnLike": {"aws:SourceArn": list(rule_arns)}},
        }
        return aws_lambda.CfnResourcePolicy(
            self,
            "Policy",
            resource_arn=self.function.function_arn,
            policy_document={"Version": "2012-10-17", "Statement": [statement]},
        )
