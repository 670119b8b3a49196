"""Names by which the stack, the functions and the command find the same things."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, assert_never

DEFAULT_STACK = "Trailbell"
METRICS_NAMESPACE = "Trailbell"

PACKAGED_CONFIG = "config.json"
"""The file in a function's package that holds the compiled config of its deployment."""

TEST_SOURCE = "trailbell.test"
"""The source of test alerts and of the heartbeat; nobody but AWS can put `aws.*` on a bus."""
AWS_SOURCE_PREFIX = "aws."
"""What AWS's own sources begin with: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html"""
API_CALL = "AWS API Call via CloudTrail"
"""The detail type of a recorded API call.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""
HEARTBEAT_EVENT_NAME = "TrailbellHeartbeat"
"""The heartbeat's `eventName` (docs/decisions/0012-heartbeat.md)."""

SlotSet = Literal["slot", "live"]
"""`slot`: what `cdk deploy` filled, and what covers while the others are rewritten. `live`: what filter sync keeps."""
SLOT_SETS: Sequence[SlotSet] = ("slot", "live")
UNUSED_SOURCE = "trailbell.unused"
"""What a slot without a filter listens to; it is disabled besides."""


class RuleState(StrEnum):
    """The states of an EventBridge rule. Only in the last does it get read-only management events.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    """

    DISABLED = "DISABLED"
    ENABLED = "ENABLED"
    ENABLED_FOR_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


def slot_name_prefix(prefix: str, kind: SlotSet) -> str:
    """Return what the names of a set's rules begin with, whatever their generation."""
    return f"{prefix}-{kind}-"


def slot_name(prefix: str, kind: SlotSet, number: int, *, generation: str) -> str:
    """Return the name of a slot's rule. `number` counts from 1.

    `generation` tells a deployment's live slots from an earlier one's; deployed slots have none.
    """
    match kind:
        case "slot":
            return f"{slot_name_prefix(prefix, kind)}{number}"
        case "live":
            return f"{slot_name_prefix(prefix, kind)}{generation}-{number}"
        case _:
            assert_never(kind)


def slot_names(prefix: str, slots: int, *, generation: str) -> list[str]:
    """Return the names of all slots' rules."""
    return [
        slot_name(prefix, kind, number, generation=generation) for kind in SLOT_SETS for number in range(1, slots + 1)
    ]


def forwarder_stack_name(stack: str, region: str) -> str:
    """Return the name of the stack that forwards another region's events home."""
    return f"{stack}-Forwarder-{region}"


def forwarder_role_name(stack: str) -> str:
    """Return the name of the role by which other regions' rules reach the bus at home.

    An account has it once: a second hub in another region, which would take the forwarders over, cannot be created.
    """
    return f"{stack}-Forwarder"


class Output(StrEnum):
    """The hub stack's outputs, by which the command finds its parts. Each destination adds its own."""

    ALERTS_TOPIC_ARN = "AlertsTopicArn"
    HEALTH_TOPIC_ARN = "HealthTopicArn"
    HEARTBEAT_TOPIC_ARN = "HeartbeatTopicArn"
    DASHBOARD_URL = "DashboardUrl"
    DETECTOR_NAME = "DetectorName"
    DETECTOR_LOG_GROUP = "DetectorLogGroup"
    WINDOWS_TABLE_NAME = "WindowsTableName"
    WINDOW_CLOSER_NAME = "WindowCloserName"
    WINDOW_CLOSER_LOG_GROUP = "WindowCloserLogGroup"
    CONFIG_APPLICATION = "ConfigApplication"
    CONFIG_ENVIRONMENT = "ConfigEnvironment"
    CONFIG_PROFILE = "ConfigProfile"
    CONFIG_STRATEGY = "ConfigStrategy"
    CONFIG_STRATEGY_AT_ONCE = "ConfigStrategyAtOnce"
    CONFIG_VALIDATOR_NAME = "ConfigValidatorName"
    FILTER_SYNC_NAME = "FilterSyncName"
    LIVE_CONFIG = "LiveConfig"


DEAD_LETTERS_SUFFIX, QUEUE_SUFFIX, SECRET_SUFFIX, LOG_GROUP_SUFFIX = (
    "DeadLettersUrl", "QueueUrl", "SecretArn", "NotifierLogGroup",
)  # fmt: skip
"""What the outputs of a destination end in; they begin with its name, such as `Slack`."""
FORWARDER_DEAD_LETTERS = DEAD_LETTERS_SUFFIX
"""The forwarder stack's one output."""
