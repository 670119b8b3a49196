"""Puts a Record together: the event's own fields here, the rest from their modules."""

import re
from collections.abc import Mapping
from typing import Any

from trailbell.aws.console import event_url
from trailbell.aws.registry import name_service
from trailbell.call.values import boolean, mapping, read_time, text
from trailbell.names import Names
from trailbell.read.origin import read_origin
from trailbell.read.principal.reader import read_principal
from trailbell.read.resources import read_resources
from trailbell.record import Event, Record

_FAULT_PREFIX = re.compile(r"^(?:Client|Server)\.")
"""EC2 puts these in front of its error codes."""


def read_record(record: Mapping[str, Any], names: Names) -> Record:
    """Read a CloudTrail record. Fields of a wrong type count as missing: no mapping makes it fail."""
    identity = read_principal(record, names)
    return Record(
        event=_read_event(record, names),
        principal=identity.principal,
        origin=read_origin(record, names, console=identity.principal.console),
        resources=read_resources(record),
        raw=record,
    )


def read_error_code(record: Mapping[str, Any]) -> str | None:
    """Return `errorCode` as the API's documentation spells it."""
    code = text(record.get("errorCode"))
    return _FAULT_PREFIX.sub("", code) if code else None


def read_partition(region: str) -> str:
    """Return the partition that a region is in."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _read_event(record: Mapping[str, Any], names: Names) -> Event:
    source = text(record.get("eventSource")) or ""
    region = text(record.get("awsRegion")) or ""
    account = text(record.get("recipientAccountId")) or text(mapping(record.get("userIdentity")).get("accountId")) or ""
    event_id = text(record.get("eventID")) or ""
    insight = mapping(record.get("insightDetails"))
    partition = read_partition(region)
    return Event(
        id=event_id,
        name=text(record.get("eventName")) or text(insight.get("eventName")) or "an unnamed event",
        source=source or text(insight.get("eventSource")) or "",
        service=name_service(source or text(insight.get("eventSource")) or ""),
        time=read_time(record.get("eventTime")),
        region=region,
        account_id=account,
        account_name=names.accounts.get(account),
        partition=partition,
        type=text(record.get("eventType")) or "",
        category=text(record.get("eventCategory")) or "",
        read_only=boolean(record.get("readOnly")),
        request_id=text(record.get("requestID")),
        shared_event_id=text(record.get("sharedEventID")),
        error_code=read_error_code(record),
        error_message=text(record.get("errorMessage")),
        url=event_url(region, event_id, partition) if event_id and region else None,
    )
