"""The JSON alert: what machines get, and what the Slack notifier reads back. Its schema: `docs/alert.schema.json`."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from trailbell.alert import SCHEMA_VERSION, Alert, FollowUp, RuleInfo
from trailbell.contract.version import VERSION
from trailbell.errors import RecordError
from trailbell.formats import Format
from trailbell.record import Event, Origin, Principal, Record, Resource
from trailbell.words.clean import web_address

PARTS = (RuleInfo, Event, Principal, Origin, Resource, FollowUp)
UNIONS = (Union, UnionType)
REQUIRED: Mapping[Any, frozenset[str]] = {
    Alert: frozenset({"id", "severity", "rule", "event", "alerted_at"}),
    RuleInfo: frozenset({"id"}),
    Event: frozenset({"name", "time"}),
    FollowUp: frozenset({"of", "repeats"}),
}
"""What makes a document an alert. Everything else may be missing, as older and newer versions may leave it out."""


def to_document(alert: Alert) -> dict[str, Any]:
    """Return the alert as JSON: the dataclasses' own names, times in ISO 8601, and what a reader would work out."""
    return {
        "version": SCHEMA_VERSION,
        "trailbell_version": VERSION,
        **_plain(alert),
        "resource_count": alert.resource_count,
        "delay_seconds": round(alert.delay_seconds, 3),
        "links": links(alert),
    }


def event_document(record: Record) -> dict[str, Any]:
    """Return an event as JSON, alert or not: the parts of the JSON alert that are about it, and the record itself.

    `record` must have been read from a redacted record: nothing is redacted here.
    """
    return {
        "event": _plain(record.event),
        "principal": _plain(record.principal),
        "origin": _plain(record.origin),
        "resources": [_plain(resource) for resource in record.resources],
        "resource_count": len(record.resources),
        "request_parameters": record.raw.get("requestParameters"),
        "response_elements": record.raw.get("responseElements"),
        "record": record.raw,
    }


def links(alert: Alert) -> dict[str, str]:
    """Return the pages to open, by what they show: `event`, `resource`, `runbook`; only those that exist."""
    first = next((url for resource in alert.resources if (url := web_address(resource.url))), None)
    pages = {"event": web_address(alert.event.url), "resource": first, "runbook": web_address(alert.rule.runbook)}
    return {name: url for name, url in pages.items() if url}


def iso(time: datetime) -> str:
    """Return a time as ISO 8601 in UTC: `2023-10-08T17:50:24Z`."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(part: Any) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, PARTS):
            content[field.name] = _plain(value)
        elif isinstance(value, datetime):
            content[field.name] = iso(value)
        elif isinstance(part, FollowUp) and isinstance(value, Mapping):
            content[field.name] = {name: list(values) for name, values in value.items()}
        elif isinstance(value, tuple):
            content[field.name] = [_plain(item) if isinstance(item, PARTS) else item for item in value]
        else:
            content[field.name] = value
    return content


def from_document(document: object) -> Alert:
    """Read a JSON alert. Raises RecordError where it is none.

    Unknown fields are passed over and missing ones read as empty, so that a notifier understands the alerts of an
    older or newer detector with the same major version.
    """
    if not isinstance(document, Mapping):
        raise RecordError(f"Not an alert: a JSON object is needed, this is {type(document).__name__}")
    version = document.get("version")
    if not isinstance(version, str) or version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise RecordError(f"Not an alert of version {SCHEMA_VERSION}: its version is {str(version)[:50]!r}")
    alert: Alert = _read_part(Alert, document, "")
    return alert


def _read_part(part: Any, content: object, path: str) -> Any:
    if not isinstance(content, Mapping):
        raise RecordError(f"Not an alert: {path.rstrip('.')} must be a JSON object, not {type(content).__name__}")
    values: dict[str, Any] = {}
    for field, hint in _fields(part):
        where = path + field.name
        if content.get(field.name) is not None:
            values[field.name] = _read(hint, content[field.name], where)
        elif field.name in REQUIRED.get(part, ()):
            raise RecordError(f"Not an alert: {where} is missing")
        elif field.default is MISSING:
            values[field.name] = _empty(hint, where)
    return part(**values)


@cache
def _fields(part: Any) -> tuple[tuple[Field[Any], Any], ...]:
    hints = get_type_hints(part)
    return tuple((field, hints[field.name]) for field in fields(part))


def _read(hint: Any, value: object, path: str) -> Any:
    if get_origin(hint) in UNIONS:
        return _read_optional(get_args(hint)[0], value, path)
    if hint is Any:
        return value
    if hint in PARTS:
        return _read_part(hint, value, f"{path}.")
    if hint is datetime:
        return _read_time(value, path)
    reader = {Literal: _read_word, tuple: _read_list, Mapping: _read_mapping}.get(get_origin(hint))
    return reader(hint, value, path) if reader else _read_plain(hint, value, path)


def _read_list(hint: Any, value: object, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise RecordError(f"Not an alert: {path} must be a list, not {type(value).__name__}")
    return tuple(_read(get_args(hint)[0], item, f"{path}[{number}]") for number, item in enumerate(value))


def _read_mapping(hint: Any, value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise RecordError(f"Not an alert: {path} must be a JSON object, not {type(value).__name__}")
    return {str(name): _read(get_args(hint)[1], item, f"{path}.{name}") for name, item in value.items()}


def _read_plain(hint: Any, value: object, path: str) -> Any:
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise RecordError(f"Not an alert: {path} must be of type {hint.__name__}, not {type(value).__name__}")
    return value


def _read_optional(hint: Any, value: object, path: str) -> Any:
    known = get_origin(hint) is not Literal or value in get_args(hint)
    return _read(hint, value, path) if known or not isinstance(value, str) else None


def _read_word(hint: Any, value: object, path: str) -> Any:
    if value in get_args(hint):
        return value
    # A newer detector may know further kinds; a severity, on the other hand, must not be guessed.
    if isinstance(value, str) and path != "severity":
        return _empty(hint, path)
    raise RecordError(f"Not an alert: {path} must be one of {', '.join(get_args(hint))}")


def _read_time(value: object, path: str) -> datetime:
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
        if time is not None and time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # the same complaint as for a time without a zone
    raise RecordError(f"Not an alert: {path} must be a time such as 2023-10-08T17:50:24Z")


def _empty(hint: Any, path: str) -> Any:
    if hint is Any or get_origin(hint) in UNIONS:
        return None
    if hint in PARTS:
        return _read_part(hint, {}, f"{path}.")
    if get_origin(hint) is Mapping:
        return {}
    if get_origin(hint) is Literal:
        return "unknown" if "unknown" in get_args(hint) else get_args(hint)[-1]
    return () if get_origin(hint) is tuple else hint()


def _render(alert: Alert) -> str:
    return json.dumps(to_document(alert), separators=(",", ":"))


FORMAT = Format(description="the JSON alert, for machines", render=_render)
