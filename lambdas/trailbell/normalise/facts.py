"""The facts that rules may name under `trailbell`; `trailbell.facts` says what each means."""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from trailbell.names import BusinessHours, Names
from trailbell.normalise.openings import Opening, read_openings
from trailbell.normalise.origin import read_origin
from trailbell.normalise.policies import Statement, read_statements
from trailbell.normalise.principal import Identity, read_principal
from trailbell.normalise.reader import read_error_code
from trailbell.normalise.resources import read_resources
from trailbell.normalise.sharing import read_sharing
from trailbell.normalise.values import UNKNOWN_TIME, read_time, text
from trailbell.normalise.versions import without_version
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


def read_facts(record: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Work out the facts of a record, nested as rules name them; what the record does not tell is left out."""
    identity = read_principal(record, names)
    statements = read_statements(record.get("requestParameters"))
    shared = read_sharing(record, statements)
    facts = {
        "event": _event(record, names),
        "principal": _principal(identity, record, names),
        "origin": _origin(record, names, console=identity.principal.console),
        "resources": [_resource(resource) for resource in read_resources(record)],
        "policy": _policy(statements, shared, _own_accounts(record, names)),
        "shared": shared,
        "opened": [_opening(opening) for opening in read_openings(record)],
        "text": _texts(record),
    }
    return {key: value for key, value in facts.items() if value}


def _texts(record: Mapping[str, Any]) -> dict[str, str]:
    """Write out the objects of a record."""
    written = {fact: _write(record[field]) for fact, field in _WRITTEN_OUT.items() if record.get(field)}
    return {"record": _write(record), **written}


def _write(value: Any) -> str:
    """Write compact JSON in which quotes within texts are plain: a policy in a text reads as it does elsewhere."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace('\\"', '"')


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _event(record: Mapping[str, Any], names: Names) -> dict[str, Any]:
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


def _principal(identity: Identity, record: Mapping[str, Any], names: Names) -> dict[str, Any]:
    principal, session = identity.principal, identity.session
    own = _own_accounts(record, names)
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


def _own_accounts(record: Mapping[str, Any], names: Names) -> frozenset[str]:
    called = text(record.get("recipientAccountId"))
    return frozenset(names.accounts) | ({called} if called else set())


def _origin(record: Mapping[str, Any], names: Names, *, console: bool) -> dict[str, Any]:
    origin = read_origin(record, names, console=console)
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


def _policy(statements: tuple[Statement, ...], shared: Mapping[str, Any], own: frozenset[str]) -> dict[str, Any]:
    foreign = {account for account in shared.get("accounts", ()) if account not in own}
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
