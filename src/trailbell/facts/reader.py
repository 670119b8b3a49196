"""The facts that rules may name under `trailbell`; `trailbell.facts.catalogue` says what each means."""

import json
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from trailbell.call.openings import Opening, read_openings
from trailbell.call.policies import Statement, read_statements
from trailbell.call.sharing import read_sharing
from trailbell.call.values import UNKNOWN_TIME, read_time, text
from trailbell.names import BusinessHours, Names
from trailbell.operations import without_version
from trailbell.read.origin import read_origin
from trailbell.read.principal.reader import Identity, read_principal
from trailbell.read.reader import read_error_code
from trailbell.read.resources import read_resources
from trailbell.record import Resource

DENIALS = ("accessdenied", "unauthorized", "notauthorized", "forbidden", "authfailure", "optinrequired")
"""What the error codes of missing permissions begin with or hold, in lower case."""
_WRITTEN_OUT = {
    "additional_event_data": "additionalEventData",
    "request_parameters": "requestParameters",
    "resources": "resources",
    "response_elements": "responseElements",
    "service_event_details": "serviceEventDetails",
    "user_identity": "userIdentity",
}
"""Facts and the objects that they are the text of."""


def read_facts(record: Mapping[str, Any], names: Names, groups: Collection[str] | None = None) -> dict[str, Any]:
    """Work out the facts of a record, nested as rules name them; what the record does not tell is left out.

    `groups` are the parts of it that somebody will look at (`principal`, `policy`); None for all.
    """
    reading = _Reading(record, names)
    facts = {group: read(reading) for group, read in _READERS.items() if groups is None or group in groups}
    return {group: told for group, told in facts.items() if told}


class _Reading:
    """A record, and what several groups of facts are made of, read once."""

    def __init__(self, record: Mapping[str, Any], names: Names) -> None:
        self.record = record
        self.names = names

    @cached_property
    def identity(self) -> Identity:
        return read_principal(self.record, self.names)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        return read_statements(self.record.get("requestParameters"))

    @cached_property
    def shared(self) -> Mapping[str, Any]:
        return read_sharing(self.record, self.statements)

    @cached_property
    def own_accounts(self) -> frozenset[str]:
        called = text(self.record.get("recipientAccountId"))
        return frozenset(self.names.accounts) | ({called} if called else set())


def _texts(reading: _Reading) -> dict[str, str]:
    """Write out the objects of a record."""
    record = reading.record
    written = {fact: _write(record[field]) for fact, field in _WRITTEN_OUT.items() if record.get(field)}
    return {"record": _write(record), **written}


def _write(value: Any) -> str:
    """Write compact JSON in which quotes within texts are plain: a policy in a text reads as it does elsewhere."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace('\\"', '"')


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _event(reading: _Reading) -> dict[str, Any]:
    record, names = reading.record, reading.names
    code = read_error_code(record)
    region = text(record.get("awsRegion"))
    name = text(record.get("eventName"))
    return _told(
        {
            "name": without_version(name) if name else None,
            "failed": code is not None or text(record.get("errorMessage")) is not None,
            "error_code": code,
            "denied": code is not None and any(denial in code.lower() for denial in DENIALS),
            "off_hours": _off_hours(record, names.business_hours),
            "expected_region": region in names.expected_regions if region and names.expected_regions else None,
        }
    )


def _off_hours(record: Mapping[str, Any], hours: BusinessHours | None) -> bool | None:
    time = read_time(record.get("eventTime"))
    if hours is None or time == UNKNOWN_TIME:
        return None
    local = time.astimezone(ZoneInfo(hours.timezone))
    clock = local.time()
    if hours.start <= hours.end:
        at_work = hours.start <= clock < hours.end
        day = local.weekday()
    else:
        at_work = clock >= hours.start or clock < hours.end
        # After midnight, the shift still belongs to the day on which it began.
        day = local.weekday() if clock >= hours.start else (local.weekday() - 1) % 7
    return not (at_work and day in hours.days)


def _principal(reading: _Reading) -> dict[str, Any]:
    identity, own = reading.identity, reading.own_accounts
    principal, session = identity.principal, identity.session
    return _told(
        {
            "display": principal.display,
            "kind": principal.kind,
            "account_id": principal.account_id,
            "account_name": principal.account_name,
            "own_account": principal.account_id in own if principal.account_id else None,
            "arn": principal.arn,
            "user_name": principal.user_name,
            "session_name": principal.session_name,
            "session_issuer": principal.session_issuer,
            "access_key_id": principal.access_key_id,
            "credentials": principal.credentials,
            "mfa": principal.mfa,
            "console": principal.console,
            "sso": bool(session and session.sso),
            "service_linked": bool(session and session.service_linked),
            "instance_id": session.instance_id if session else None,
            "invoked_by": principal.invoked_by,
            "source_identity": principal.source_identity,
            "delegate_account_id": identity.delegate_account_id,
        }
    )


def _origin(reading: _Reading) -> dict[str, Any]:
    origin = read_origin(reading.record, reading.names, console=reading.identity.principal.console)
    return _told(
        {
            "kind": origin.kind,
            "network": origin.network,
            "private": origin.private,
            "client": origin.client,
            "vpc_endpoint_id": origin.vpc_endpoint_id,
        }
    )


def _resource(resource: Resource) -> dict[str, Any]:
    return _told({"type": resource.type or None, "id": resource.id, "arn": resource.arn})


def _policy(reading: _Reading) -> dict[str, Any]:
    statements = reading.statements
    foreign = {account for account in reading.shared.get("accounts", ()) if account not in reading.own_accounts}
    if not statements:
        return {"foreign_accounts": sorted(foreign)} if foreign else {}
    return {
        "public": any(statement.public for statement in statements),
        "admin": any(statement.admin for statement in statements),
        "foreign_accounts": sorted(foreign),
        "statements": [
            {
                "effect": statement.effect,
                "actions": list(statement.actions),
                "resources": list(statement.resources),
                "principals": list(statement.principals),
                "conditional": bool(statement.condition_keys),
            }
            for statement in statements
        ],
    }


def _opening(opening: Opening) -> dict[str, Any]:
    return _told(
        {
            "protocol": opening.protocol,
            "from_port": opening.from_port,
            "to_port": opening.to_port,
            "cidr": opening.cidr,
            "world": opening.world,
            "sensitive": opening.sensitive,
        }
    )


_READERS: Mapping[str, Callable[[_Reading], Any]] = {
    "event": _event,
    "principal": _principal,
    "origin": _origin,
    "resources": lambda reading: [_resource(resource) for resource in read_resources(reading.record)],
    "policy": _policy,
    "shared": lambda reading: reading.shared,
    "opened": lambda reading: [_opening(opening) for opening in read_openings(reading.record)],
    "text": _texts,
}
"""The groups of facts, and what works each out."""
