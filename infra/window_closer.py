"""What tells of a window when it is over: a queue of timers, and the function that they wake."""

from collections.abc import Callable

from aws_cdk import Duration, aws_lambda
from constructs import Construct

from infra.function import Function
from infra.queues import dead_letter_queue, work_queue
from trailbell.contract.environments.detection import WindowCloserEnvironment
from trailbell.contract.retention import LogRetentionDays

TIMEOUT = Duration.seconds(30)
MAX_RECEIVE_COUNT = 20
"""An hour of trying."""
BATCH_SIZE = 5
MAX_CONCURRENCY = 2


class WindowCloser(Construct):
    """Publishes one follow-up for each window that counted repeats."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: aws_lambda.Code,
        environment: Callable[..., WindowCloserEnvironment],
        log_retention_days: LogRetentionDays,
    ) -> None:
        """`code` is the detector's package, which holds this function's handler too; `environment` lacks the timers."""
        super().__init__(scope, id_)
        self.dead_letters = dead_letter_queue(self, "DeadLetters")
        self.timers = work_queue(
            self,
            "Timers",
            dead_letters=self.dead_letters,
            max_receive_count=MAX_RECEIVE_COUNT,
            function_timeout=TIMEOUT,
        )
        part = Function(
            self,
            "WindowCloser",
            description="Trailbell: tells what was counted when a window is over",
            code=code,
            environment=environment(timers_url=self.timers.queue_url),
            timeout=TIMEOUT,
            log_retention_days=log_retention_days,
        )
        self.function = part.function
        self.role = part.role
        self.log_group = part.log_group
        part.take_from(self.timers, batch_size=BATCH_SIZE, max_concurrency=MAX_CONCURRENCY)
