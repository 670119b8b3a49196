"""The kinds of value that people write in a config, for pydantic: durations, ids, networks, dates."""

import re
import zoneinfo
from collections.abc import Callable
from datetime import date, time
from ipaddress import ip_network
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

_UNITS_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = r"^[1-9][0-9]{0,5}[smhd]$"
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_ACCOUNT = r"^[0-9]{12}$"
_REGION = r"^[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}$"
_EMAIL = r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+$"
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_ENDPOINT = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$"
_HOST = r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$"
_TOPIC = r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256}$"
_ROUTE = r"^[a-z]+(-[a-z]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_HTTPS = r"^https://[^\s/]+\.[^\s]+$"
MAX_WINDOW_SECONDS = 400 * 86400
"""A year and a month: what is seen once a year still counts as seen."""


def seconds(duration: str) -> int:
    """Return the seconds of a checked duration such as `15m`."""
    return int(duration[:-1]) * _UNITS_SECONDS[duration[-1]]


def _fail(message: str, tip: str = "") -> PydanticCustomError:
    return PydanticCustomError("trailbell", "{message}", {"message": message, "tip": tip})


def _like(pattern: str, message: str, tip: str) -> Callable[[str], str]:
    """Return a check that a string is wholly like a pattern without backtracking."""
    shape = re.compile(pattern)

    def check(value: str) -> str:
        if not shape.match(value) or value.endswith("\n"):
            raise _fail(f"{value!r} {message}", tip)
        return value

    return check


def _check_duration(value: str) -> str:
    _like(_DURATION, "is not a duration", "Write a number and a unit: 90s, 15m, 2h or 30d.")(value)
    if seconds(value) > MAX_WINDOW_SECONDS:
        raise _fail(f"{value!r} is too long", f"The longest is {MAX_WINDOW_SECONDS // 86400}d.")
    return value


def _check_network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError as error:
        try:
            tip = f"Did you mean {ip_network(value, strict=False)}?"
        except ValueError:
            tip = "Write an address range such as 203.0.113.0/24 or 2001:db8::/32."
        raise _fail(f"{value!r} is not a CIDR: {error}", tip) from error


def _check_date(value: str) -> str:
    try:
        if re.match(_DATE, value):
            date.fromisoformat(value)
            return value
    except ValueError:
        pass
    raise _fail(f"{value!r} is not a date", "Write it as year-month-day: 2027-03-31.")


def _check_timezone(value: str) -> str:
    known = zoneinfo.available_timezones()
    if known and value not in known:  # a machine without a time zone database cannot tell
        raise _fail(f"{value!r} is not a time zone", "Write its IANA name, such as Europe/Berlin or UTC.")
    return value


def _check_clock(value: str) -> str:
    _like(_CLOCK, "is not a time of day", 'Write hours and minutes, such as "09:00".')(value)
    time.fromisoformat(value)
    return value


def _check_reference(value: str) -> str:
    return _like(_HTTPS, "is not an https:// URL", "Write the whole address of the page.")(value)


def _check_record(value: Any) -> Any:
    if isinstance(value, str) and value and "/" not in value and "\\" not in value:
        return value
    if isinstance(value, dict) and value:
        return value
    raise _fail("a record is the name of a file in tests/events, or a mapping of the record's fields")


def _check_text(value: str) -> str:
    if not value.strip():
        raise _fail("must not be empty")
    return value


Text = Annotated[str, AfterValidator(_check_text), Field(json_schema_extra={"minLength": 1})]
Duration = Annotated[str, AfterValidator(_check_duration), Field(json_schema_extra={"pattern": _DURATION})]
Identifier = Annotated[
    str,
    AfterValidator(_like(_ID, "is not an id", "Use small letters, digits and hyphens: ec2-instance-launched.")),
    Field(json_schema_extra={"pattern": _ID}),
]
AccountId = Annotated[
    str,
    AfterValidator(_like(_ACCOUNT, "is not an account id", 'It has 12 digits, in quotes: "111122223333".')),
    Field(json_schema_extra={"pattern": _ACCOUNT}),
]
Region = Annotated[
    str,
    AfterValidator(_like(_REGION, "is not a region", "Write its code, such as eu-central-1.")),
    Field(json_schema_extra={"pattern": _REGION}),
]
Email = Annotated[
    str,
    AfterValidator(_like(_EMAIL, "is not an e-mail address", "Write one address, such as soc@example.com.")),
    Field(json_schema_extra={"format": "email"}),
]
Endpoint = Annotated[
    str,
    AfterValidator(
        _like(_ENDPOINT, "is not an endpoint", "Write scheme and host, no path: https://proxy.example.com.")
    ),
    Field(json_schema_extra={"pattern": _ENDPOINT}),
]
Host = Annotated[
    str,
    AfterValidator(_like(_HOST, "is not a host", "Write its name alone: siem.example.com.")),
    Field(json_schema_extra={"pattern": _HOST}),
]
TopicArn = Annotated[
    str,
    AfterValidator(
        _like(_TOPIC, "is not the ARN of a topic", "Write the whole ARN: arn:aws:sns:eu-west-1:111122223333:pager.")
    ),
    Field(json_schema_extra={"pattern": _TOPIC}),
]
RouteName = Annotated[
    str,
    AfterValidator(_like(_ROUTE, "is not the name of a destination", "Write a kind, such as slack, or slack/soc.")),
    Field(json_schema_extra={"pattern": _ROUTE}),
]
Network = Annotated[str, AfterValidator(_check_network)]
Date = Annotated[str, AfterValidator(_check_date), Field(json_schema_extra={"format": "date"})]
Clock = Annotated[str, AfterValidator(_check_clock), Field(json_schema_extra={"pattern": _CLOCK})]
Timezone = Annotated[str, AfterValidator(_check_timezone)]
Reference = Annotated[
    str, AfterValidator(_check_reference), Field(json_schema_extra={"format": "uri", "pattern": "^https://"})
]
TestRecord = Annotated[
    Any,
    AfterValidator(_check_record),
    WithJsonSchema({"type": ["string", "object"], "description": "A file in tests/events, or the record itself."}),
]
