"""The environments of the two functions that decide and publish."""

from dataclasses import dataclass
from typing import ClassVar

from trailbell.contract.destinations import HttpsFormat
from trailbell.contract.environments import FunctionEnvironment, LiveConfigEnvironment, service_field

DETECTOR_SERVICE = "detector"
"""What the detector's metrics and log lines say in `service`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorEnvironment(LiveConfigEnvironment):
    """The detector's."""

    handler: ClassVar[str] = "detector.handler.handler"

    service: str = service_field(DETECTOR_SERVICE)
    topic_arn: str
    """The alerts topic."""
    heartbeat_topic_arn: str
    https_format: HttpsFormat
    claims_table: str
    """DynamoDB table: which findings are settled."""
    windows_table: str
    """DynamoDB table: what dedupe, threshold and first_seen remember."""
    timers_url: str
    """SQS queue of the timers that end windows."""
    config_max_age_seconds: int | None = None
    """How long a live config is used before AppConfig is asked for a newer one; None for the detector's own time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCloserEnvironment(FunctionEnvironment):
    """The window closer's."""

    handler: ClassVar[str] = "detector.window_closer.handler"

    service: str = service_field("window_closer")
    topic_arn: str
    https_format: HttpsFormat
    claims_table: str
    windows_table: str
    timers_url: str
