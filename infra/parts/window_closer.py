"""What tells of a window when it is over: a function that looks each minute at what is due."""

from collections.abc import Callable

from aws_cdk import Duration, aws_events, aws_events_targets, aws_lambda
from constructs import Construct

from trailbell.contract.environments.detection import WindowCloserEnvironment
from trailbell.contract.retention import LogRetentionDays
from trailbell.contract.tables import SWEEP_SECONDS
from trailbell.infra.base.function import Function
from trailbell.infra.base.queues import dead_letter_queue

EVERY = Duration.minutes(1)
TIMEOUT = Duration.seconds(SWEEP_SECONDS)


class WindowCloser(Construct):
    """Publishes one follow-up for each window that counted repeats, and ends the minutes of storm brakes.

    Nothing wakes it but the schedule: Lambda stops a function that is woken by what it sent itself after 16 rounds.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: aws_lambda.Code,
        environment: Callable[..., WindowCloserEnvironment],
        log_retention_days: LogRetentionDays,
    ) -> None:
        """`environment` lacks the dead-letter queue."""
        super().__init__(scope, id_)
        self.dead_letters = dead_letter_queue(self, "DeadLetters")
        part = Function(
            self,
            "WindowCloser",
            description="Trailbell: tells what was counted when a window is over",
            code=code,
            environment=environment(dead_letters_url=self.dead_letters.queue_url),
            timeout=TIMEOUT,
            log_retention_days=log_retention_days,
            # A sweep that fails is not repeated: the next does its work.
            retry_attempts=0,
            max_event_age=EVERY,
        )
        self.function = part.function
        self.role = part.role
        self.log_group = part.log_group
        rule = aws_events.Rule(
            self,
            "Sweep",
            description="Trailbell: looks each minute for windows that are over",
            schedule=aws_events.Schedule.rate(EVERY),
        )
        rule.add_target(aws_events_targets.LambdaFunction(self.function, retry_attempts=0, max_event_age=EVERY))
