"""A Lambda function as Trailbell runs them: arm64, newest Python, JSON logs that are kept for a while."""

from typing import Any

from aws_cdk import Duration, RemovalPolicy, aws_iam, aws_lambda, aws_lambda_event_sources, aws_logs, aws_sqs
from constructs import Construct

from trailbell.contract.environments import FunctionEnvironment
from trailbell.contract.retention import LogRetentionDays


class Function(Construct):
    """One function with a role and a log group of its own; the role may write that log group and nothing else."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        description: str,
        code: aws_lambda.Code,
        environment: FunctionEnvironment,
        timeout: Duration,
        log_retention_days: LogRetentionDays,
        **options: Any,
    ) -> None:
        """Make the function. `options` go to `aws_lambda.Function` as they are."""
        super().__init__(scope, id_)
        self.log_group = aws_logs.LogGroup(self, "Logs", removal_policy=RemovalPolicy.DESTROY)
        # By the number: CDK's own enumeration calls them by names.
        resource = self.log_group.node.default_child
        assert isinstance(resource, aws_logs.CfnLogGroup)  # noqa: S101 - told to the type checker
        resource.retention_in_days = log_retention_days
        self.role = aws_iam.Role(self, "Role", assumed_by=aws_iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(self.role)
        self.function = aws_lambda.Function(
            self,
            "Function",
            description=description,
            runtime=aws_lambda.Runtime.PYTHON_3_14,
            architecture=aws_lambda.Architecture.ARM_64,
            code=code,
            handler=environment.handler,
            role=self.role,
            log_group=self.log_group,
            logging_format=aws_lambda.LoggingFormat.JSON,
            memory_size=512,
            timeout=timeout,
            environment=environment.variables(),
            **options,
        )

    def take_from(self, queue: aws_sqs.IQueue, *, batch_size: int, max_concurrency: int) -> None:
        """Wake the function for the queue's messages. Of a batch, only those come back that it names as failed."""
        self.function.add_event_source(
            aws_lambda_event_sources.SqsEventSource(
                queue, batch_size=batch_size, max_concurrency=max_concurrency, report_batch_item_failures=True
            )
        )
