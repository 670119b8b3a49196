"""The detector: one function, and a queue for the events that it could not handle."""

from pathlib import Path

from aws_cdk import Duration, aws_lambda_destinations
from constructs import Construct

from infra import bundling
from infra.function import DETECTOR_SERVICE, Function
from infra.queues import dead_letter_queue

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
        project_root: Path,
        compiled_config: str,
        topic_arn: str,
        https_format: str,
        claims_table: str,
        windows_table: str,
        log_retention_days: int,
    ) -> None:
        super().__init__(scope, id_)
        self.dead_letters = dead_letter_queue(self, "DeadLetters")
        self.code = bundling.bundle(project_root, "detector", {"config.json": compiled_config})
        part = Function(
            self,
            "Detector",
            service=DETECTOR_SERVICE,
            description="Trailbell: turns CloudTrail events into alerts",
            code=self.code,
            handler="detector.handler.handler",
            environment={
                "TRAILBELL_TOPIC_ARN": topic_arn,
                "TRAILBELL_HTTPS_FORMAT": https_format,
                "TRAILBELL_CLAIMS_TABLE": claims_table,
                "TRAILBELL_WINDOWS_TABLE": windows_table,
            },
            timeout=TIMEOUT,
            log_retention_days=log_retention_days,
            retry_attempts=RETRY_ATTEMPTS,
            max_event_age=MAX_EVENT_AGE,
            on_failure=aws_lambda_destinations.SqsDestination(self.dead_letters),
        )
        self.function = part.function
        self.role = part.role
        self.log_group = part.log_group
