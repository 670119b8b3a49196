"""The heartbeat: an event that only has to arrive (docs/decisions/0012-heartbeat.md)."""

import json
from collections.abc import Mapping

from trailbell.contract.names import HEARTBEAT_EVENT_NAME, TEST_SOURCE


def is_heartbeat(event: object) -> bool:
    """Tell whether an event is the heartbeat. Nothing that AWS says can be: its sources begin with `aws.`."""
    if not isinstance(event, Mapping) or event.get("source") != TEST_SOURCE:
        return False
    detail = event.get("detail")
    return isinstance(detail, Mapping) and detail.get("eventName") == HEARTBEAT_EVENT_NAME


def message(config_version: str) -> str:
    """Return what is published."""
    return json.dumps({"kind": "heartbeat", "config_version": config_version})
