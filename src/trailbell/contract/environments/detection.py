"""The environments of the two functions that decide and publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from trailbell.contract.environments import FunctionEnvironment, LiveConfigEnvironment, service_field

DETECTOR_SERVICE = "detector"
"""What the detector's metrics and log lines say in `service`."""
WINDOW_CLOSER_SERVICE = "window_closer"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorEnvironment(LiveConfigEnvironment):
    """The detector's."""

    handler: ClassVar[str] = "trailbell.functions.detector.handler.handler"

    service: str = service_field(DETECTOR_SERVICE)
    topic_arn: str
    """The alerts topic."""
    heartbeat_topic_arn: str
    https_format: str
    claims_table: str
    """DynamoDB table: which findings are settled."""
    windows_table: str
    """DynamoDB table: what dedupe, threshold and first_seen remember, and what is due when."""
    dead_letters_url: str
    """SQS queue: what could not be handled. Lambda leaves letters there, and the detector those of large events."""
    config_max_age_seconds: int | None = None
    """How long a live config is used before AppConfig is asked for a newer one; None for the detector's own time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCloserEnvironment(FunctionEnvironment):
    """The window closer's."""

    handler: ClassVar[str] = "trailbell.functions.window_closer.handler.handler"

    service: str = service_field(WINDOW_CLOSER_SERVICE)
    topic_arn: str
    https_format: str
    claims_table: str
    windows_table: str
    dead_letters_url: str
    """SQS queue: what was due and could not be done."""
    notifier_queues: Mapping[str, str]
    """Kind of destination -> URL of its notifier's queue, for those with a budget."""
