"""A Lambda function as Trailbell runs them: arm64, newest Python, JSON logs that are kept for a while."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration, RemovalPolicy, aws_iam, aws_lambda, aws_lambda_event_sources, aws_logs, aws_sqs
from constructs import Construct

METRICS_NAMESPACE = "Trailbell"
DETECTOR_SERVICE = "detector"
"""What the detector's metrics and log lines say in `service`."""


class Function(Construct):
    """One function with a role and a log group of its own; the role may write that log group and nothing else."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: str,
        description: str,
        code: aws_lambda.Code,
        handler: str,
        environment: Mapping[str, str],
        timeout: Duration,
        log_retention_days: int,
        **options: Any,
    ) -> None:
        """Make the function. `options` go to `aws_lambda.Function` as they are."""
        super().__init__(scope, id_)
        self.log_group = aws_logs.LogGroup(
            self, "Logs", retention=_retention(log_retention_days), removal_policy=RemovalPolicy.DESTROY
        )
        self.role = aws_iam.Role(self, "Role", assumed_by=aws_iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(self.role)
        self.function = aws_lambda.Function(
            self,
            "Function",
            description=description,
            runtime=aws_lambda.Runtime.PYTHON_3_14,
            architecture=aws_lambda.Architecture.ARM_64,
            code=code,
            handler=handler,
            role=self.role,
            log_group=self.log_group,
            logging_format=aws_lambda.LoggingFormat.JSON,
            memory_size=512,
            timeout=timeout,
            environment={
                "POWERTOOLS_SERVICE_NAME": service,
                "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
                "POWERTOOLS_LOG_LEVEL": "INFO",
                **environment,
            },
            **options,
        )

    def take_from(self, queue: aws_sqs.IQueue, *, batch_size: int, max_concurrency: int) -> None:
        """Wake the function for the queue's messages. Of a batch, only those come back that it names as failed."""
        self.function.add_event_source(
            aws_lambda_event_sources.SqsEventSource(
                queue, batch_size=batch_size, max_concurrency=max_concurrency, report_batch_item_failures=True
            )
        )


def _retention(days: int) -> aws_logs.RetentionDays:
    """Raise ValueError for a number of days that CloudWatch Logs does not offer."""
    by_days = {
        1: "ONE_DAY", 3: "THREE_DAYS", 5: "FIVE_DAYS", 7: "ONE_WEEK", 14: "TWO_WEEKS", 30: "ONE_MONTH",
        60: "TWO_MONTHS", 90: "THREE_MONTHS", 120: "FOUR_MONTHS", 150: "FIVE_MONTHS", 180: "SIX_MONTHS",
        365: "ONE_YEAR", 400: "THIRTEEN_MONTHS", 545: "EIGHTEEN_MONTHS", 731: "TWO_YEARS", 1827: "FIVE_YEARS",
        3653: "TEN_YEARS",
    }  # fmt: skip
    if days not in by_days:
        raise ValueError(f"deployment.log_retention_days: {days} is none of {', '.join(map(str, by_days))}")
    return aws_logs.RetentionDays[by_days[days]]
