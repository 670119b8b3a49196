"""Envelope -> Record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from trailbell.errors import RecordError
from trailbell.names import Names
from trailbell.record import Event, Origin, Principal, Record, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An EventBridge event with a CloudTrail record in it."""

    record: Mapping[str, Any]
    test: bool


def open_envelope(event: object) -> Envelope:
    """Take the record out of an EventBridge event. Raises RecordError."""
    if not isinstance(event, Mapping):
        raise RecordError("the event is not a JSON object")
    if "detail" not in event:
        raise RecordError("the event has no detail")
    detail = event["detail"]
    if not isinstance(detail, Mapping):
        raise RecordError(f"the event's detail is a {type(detail).__name__}, not an object")
    if "eventName" not in detail:
        raise RecordError("the record has no eventName")
    return Envelope(record=detail, test=event.get("source") == "trailbell.test")


def redact(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the record."""
    return record


def read_facts(record: Mapping[str, Any], names: Names) -> Mapping[str, Any]:
    """Return the facts."""
    del record, names
    return {}


def describe(record: Record, names: Names) -> str:
    """Say it."""
    del names
    return f"{record.principal.display} called {record.event.name}"


def undo_command(record: Record) -> str | None:
    """Return nothing."""
    del record
    return None


def read_record(record: Mapping[str, Any], names: Names) -> Record:
    """Read a record."""
    identity = record.get("userIdentity", {})
    key = identity.get("accessKeyId")
    attributes = identity.get("sessionContext", {}).get("attributes", {})
    region = record["awsRegion"]
    account = record["recipientAccountId"]
    base = f"https://{region}.console.aws.amazon.com"
    return Record(
        event=Event(
            id=record["eventID"], name=record["eventName"], source=record["eventSource"], service="EC2",
            time=datetime.fromisoformat(record["eventTime"]), region=region, account_id=account,
            account_name=names.accounts.get(account), partition="aws", type=record["eventType"],
            category=record["eventCategory"], read_only=record["readOnly"], request_id=record["requestID"],
            shared_event_id=None, error_code=record.get("errorCode"), error_message=record.get("errorMessage"),
            url=f"{base}/cloudtrailv2/home?region={region}#/events/{quote(record['eventID'])}",
        ),
        principal=Principal(
            display=identity.get("userName", "?"), type=identity.get("type", "Unknown"), kind="human",
            account_id=identity.get("accountId"), account_name=None, arn=identity.get("arn"),
            principal_id=identity.get("principalId"), user_name=identity.get("userName"), session_name=None,
            session_issuer=None, source_identity=None, invoked_by=None, access_key_id=key,
            credentials="temporary", mfa=attributes.get("mfaAuthenticated") == "true", console=True,
        ),
        origin=Origin(
            kind="address", address=record["sourceIPAddress"], network=None, private=False, vpc_endpoint_id=None,
            tls_version=None, client="AWS console", user_agent=record.get("userAgent"),
        ),
        resources=tuple(dict.fromkeys(_resources([record["responseElements"], record["requestParameters"]], base))),
        raw=record,
    )  # fmt: skip


_TYPES = {
    "instanceId": "Instance", "networkInterfaceId": "NetworkInterface", "imageId": "Ami", "keyName": "KeyPair",
    "groupId": "SecurityGroup", "subnetId": "Subnet", "vpcId": "VPC",
}  # fmt: skip


def _resources(value: object, base: str) -> Iterator[Resource]:
    if isinstance(value, list):
        for item in value:
            yield from _resources(item, base)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key in _TYPES and isinstance(item, str):
                role = "created" if key == "instanceId" else "used"
                yield Resource(type=f"AWS::EC2::{_TYPES[key]}", id=item, role=role, url=f"{base}/ec2/home")  # type: ignore[arg-type]
            yield from _resources(item, base)
