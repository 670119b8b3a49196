"""Makes the CloudTrail record of a call.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from botocore.model import StructureShape
from botocore.parsers import ResponseParserError

from localaws.strict import journal
from localaws.strict.records import s3
from localaws.strict.records.call import Call
from localaws.strict.records.data_plane import is_data_event
from localaws.strict.records.operations import Operation, operation_of
from localaws.strict.records.parameters import answer_members, request_parameters
from localaws.strict.records.spelling import spell
from localaws.strict.records.trails import GLOBAL_REGION
from trailbell.operations import is_read_only

_UNREADABLE = (ResponseParserError, ParseError, ValueError, KeyError)
_NOT_AUTHENTICATED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""Who is not known has no account to record it in.

https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html: authenticated requests are logged.
"""
_INSTANCE = ("imageId", "keyName", "minCount", "maxCount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A record, and what putting it somewhere needs to know."""

    record: Mapping[str, Any]
    global_service: bool


def make(call: Call) -> Made | None:
    """Return the record of a call that is a management event, None of any other."""
    operation = operation_of(call)
    if operation is None:
        journal.note("unrecorded", service=call.signing_name, method=call.method, path=call.path)
        return None
    if is_data_event(operation.service, operation.name):
        return None
    answer = _read(answer_members, call, operation)
    error = answer.get("Error", {}) if call.failed else None
    if error and error.get("Code") in _NOT_AUTHENTICATED:
        return None
    return Made(record=_record(call, operation, answer, error), global_service=operation.is_global)


def _record(
    call: Call, operation: Operation, answer: Mapping[str, Any], error: Mapping[str, str] | None
) -> dict[str, Any]:
    asked = _read(request_parameters, call, operation)
    read_only = is_read_only(operation.source, operation.event_name)
    resources = _resources(call, operation, asked, answer)
    return {
        "eventVersion": "1.11",
        "userIdentity": dict(call.identity),
        "eventTime": f"{call.time:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": operation.source,
        "eventName": operation.event_name,
        "awsRegion": GLOBAL_REGION if operation.is_global else call.region,
        "sourceIPAddress": call.source_ip,
        "userAgent": call.headers.get("user-agent", ""),
        **_error(operation, error),
        "requestParameters": _parameters(call, operation, asked),
        "responseElements": None if error is not None else _elements(call, operation, answer, read_only=read_only),
        "requestID": call.request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": read_only,
        **({"resources": resources} if resources else {}),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": call.account,
        "eventCategory": "Management",
    }


def _read(reader: Any, call: Call, operation: Operation) -> dict[str, Any]:
    """Return what a parser made of the call; where it could make nothing of it, the journal says so."""
    try:
        found: dict[str, Any] = reader(call, operation)
    except _UNREADABLE as error:
        journal.note("unreadable", source=operation.source, event=operation.event_name, error=repr(error))
        return {}
    return found


def _error(operation: Operation, error: Mapping[str, str] | None) -> dict[str, str]:
    if error is None:
        return {}
    code = error.get("Code", "")
    # As public records have them: one name for the refusals of all protocols, and EC2's with the side that erred.
    code = "AccessDenied" if code == "AccessDeniedException" else code
    return {
        "errorCode": f"Client.{code}" if operation.service == "ec2" else code,
        "errorMessage": error.get("Message", ""),
    }


def _parameters(call: Call, operation: Operation, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    if operation.service == "s3":
        return _read(lambda call, _: s3.request_parameters(call, asked.get("Bucket")), call, operation)
    shape = operation.model.input_shape
    spelled = _spelled(operation, shape, asked) if shape else None
    if spelled and operation.service == "ec2" and operation.name == "RunInstances":
        instance = {name: spelled.pop(name) for name in _INSTANCE if name in spelled}
        return {"instancesSet": {"items": [instance]}, **spelled}
    return spelled


def _elements(call: Call, operation: Operation, answer: Mapping[str, Any], *, read_only: bool) -> dict[str, Any] | None:
    # STS alone tells what reading gave: the new session's key, by which its calls are found.
    if operation.service == "s3" or (read_only and not operation.name.startswith("AssumeRole")):
        return None
    shape = operation.model.output_shape
    spelled = _spelled(operation, shape, answer) if shape else None
    return {"requestId": call.request_id, **(spelled or {})} if operation.service == "ec2" else spelled


def _spelled(operation: Operation, shape: StructureShape, members: Mapping[str, Any]) -> dict[str, Any] | None:
    return spell(operation.service, shape, members) or None


def _resources(
    call: Call, operation: Operation, asked: Mapping[str, Any], answer: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Return `resources` for the services whose records have it."""
    region = f"{call.region}:{call.account}"
    key = answer.get("KeyMetadata", {}).get("Arn") or answer.get("KeyId") or asked.get("KeyId")
    named = {
        "dynamodb": ("AWS::DynamoDB::Table", f"arn:aws:dynamodb:{region}:table/", asked.get("TableName")),
        "kms": ("AWS::KMS::Key", "" if str(key).startswith("arn:") else f"arn:aws:kms:{region}:key/", key),
        "s3": ("AWS::S3::Bucket", "arn:aws:s3:::", asked.get("Bucket")),
        "sts": ("AWS::IAM::Role", "", asked.get("RoleArn")),
    }.get(operation.service)
    if named is None or not named[2]:
        return []
    type_, prefix, name = named
    return [{"accountId": call.account, "type": type_, "ARN": f"{prefix}{name}"}]
