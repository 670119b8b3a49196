"""Which trails there are, and whether one of them logs an event: without one, EventBridge gets nothing.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ministack.services import cloudtrail

from localaws.strict.records.call import Trail

GLOBAL_REGION = "us-east-1"
"""Where events of global services are.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
"""


def logging_trails(account: str) -> tuple[Trail, ...]:
    """Return the account's trails that are logging now."""
    stores = cloudtrail._trails, cloudtrail._event_selectors
    return tuple(
        Trail(
            home_region=region,
            multi_region=bool(trail["IsMultiRegionTrail"]),
            global_events=bool(trail["IncludeGlobalServiceEvents"]),
            selectors=tuple(stores[1].get_scoped(owner, region, name, cloudtrail._DEFAULT_EVENT_SELECTORS)),
        )
        for (owner, region, name), trail in stores[0].all_items()
        if owner == account and trail["IsLogging"]
    )


def is_logged(trails: Iterable[Trail], record: Mapping[str, Any], *, global_service: bool) -> bool:
    """Tell whether one of the trails logs a management event."""
    return any(_covers(trail, record, global_service=global_service) and _selects(trail, record) for trail in trails)


def _covers(trail: Trail, record: Mapping[str, Any], *, global_service: bool) -> bool:
    if global_service and not trail.global_events:
        return False
    return trail.multi_region or trail.home_region == record["awsRegion"]


def _selects(trail: Trail, record: Mapping[str, Any]) -> bool:
    return any(
        _advanced(selector["FieldSelectors"], record) if "FieldSelectors" in selector else _basic(selector, record)
        for selector in trail.selectors
    )


def _basic(selector: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    wanted = {"ReadOnly": (True,), "WriteOnly": (False,)}.get(selector["ReadWriteType"], (True, False))
    return (
        bool(selector["IncludeManagementEvents"])
        and record["readOnly"] in wanted
        and record["eventSource"] not in selector["ExcludeManagementEventSources"]
    )


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}


def _advanced(fields: Iterable[Mapping[str, Any]], record: Mapping[str, Any]) -> bool:
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
    return all(_field(field, _value(record, field["Field"])) for field in fields)


def _value(record: Mapping[str, Any], name: str) -> str:
    value: Any = record
    for part in name.split("."):
        value = value.get(part, "") if isinstance(value, Mapping) else ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _field(field: Mapping[str, Any], value: str) -> bool:
    for operator, matches in _OPERATORS.items():
        if field.get(operator) and not any(matches(value, operand) for operand in field[operator]):
            return False
        if any(matches(value, operand) for operand in field.get(f"Not{operator}") or ()):
            return False
    return True
