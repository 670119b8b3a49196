"""What alarms and the dashboard look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_lambda, aws_sqs


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The parts of the hub, by the names that people know them by."""

    dead_letter_queues: Mapping[str, aws_sqs.IQueue]
    work_queues: Mapping[str, aws_sqs.IQueue]
    """Those that a function reads."""
    functions: Mapping[str, aws_lambda.IFunction]
    notifier_services: Mapping[str, str]
    """Notifier -> the `service` that its metrics name."""
    filter_rules: Sequence[str]
    """The names of the EventBridge rules that wake the detector."""
