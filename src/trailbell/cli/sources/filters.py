"""The console's filters of the event history: one the API applies, the others are applied here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trailbell.named_values import named_values
from trailbell.record import Record

ROOT_USER = "root"
"""What the console calls root."""


def user_name(record: Record) -> str | None:
    """Return the name in the console's column "User name": the user, or the role session's own name.

    Services and callers of other accounts have none.
    """
    principal = record.principal
    if principal.type == "Root":
        return ROOT_USER
    return principal.session_name or principal.user_name


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """What an event must be; None where it does not matter. Values are compared to the letter, as the API does."""

    event_id: str | None = None
    access_key: str | None = None
    resource_name: str | None = None
    user_name: str | None = None
    event_name: str | None = None
    resource_type: str | None = None
    event_source: str | None = None
    read_only: bool | None = None

    def attribute(self) -> tuple[str, str] | None:
        """Return the one attribute to ask the API for: the first that is set, in an order of how few events it has."""
        for name, key in _KEYS.items():
            value = getattr(self, name)
            if value is not None:
                return key, str(value).lower() if isinstance(value, bool) else value
        return None

    def without_attribute(self) -> "EventFilter":
        """Return what is left to apply when the API applied its one."""
        first = next((name for name in _KEYS if getattr(self, name) is not None), None)
        return replace(self, **{first: None}) if first else self

    @property
    def is_empty(self) -> bool:
        """Whether every event is wanted."""
        return all(getattr(self, name) is None for name in _KEYS)

    def takes(self, record: Record) -> bool:
        """Tell whether an event is wanted."""
        return all(_holds(record, name, value) for name in _KEYS if (value := getattr(self, name)) is not None)


def _holds(record: Record, name: str, value: str | bool) -> bool:  # noqa: FBT001  # a filter's value is either
    several = _SEVERAL.get(name)
    return several(record, value) if several else named_values("filter")[name].read(record) == value


_KEYS: Mapping[str, str] = {
    "event_id": "EventId",
    "access_key": "AccessKeyId",
    "resource_name": "ResourceName",
    "user_name": "Username",
    "event_name": "EventName",
    "resource_type": "ResourceType",
    "event_source": "EventSource",
    "read_only": "ReadOnly",
}
"""Field -> `AttributeKey` of the API, rarest first."""
_SEVERAL: Mapping[str, Callable[[Record, Any], bool]] = {
    "resource_name": lambda record, value: any(value in {item.id, item.name, item.arn} for item in record.resources),
    "user_name": lambda record, value: value in {user_name(record), record.principal.user_name},
    "resource_type": lambda record, value: any(item.type == value for item in record.resources),
    "read_only": lambda record, value: record.event.read_only is value,
}
"""The fields that are no one named value: any of several, or no text."""
