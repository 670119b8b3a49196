"""What a call was about: resources from `resources`, the response and the request, typed, most important first.

Types are CloudFormation's, as the CloudTrail console shows them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from trailbell.aws.console import resource_url
from trailbell.aws.registry import service_of, service_of_type
from trailbell.aws.service import Service
from trailbell.call.values import MAX_DEPTH, listed, mapping, text
from trailbell.operations import without_version
from trailbell.read.resources.arns import parse_arn
from trailbell.read.resources.shapes import type_of_id
from trailbell.read.resources.verbs import role_of
from trailbell.record import Resource

LONGEST_ID = 2048
"""Longer strings are no ids."""
_ORDER = {"created": 0, "changed": 0, "deleted": 0, "used": 1}
_NOT_ARNS = frozenset({"accountarn", "callerarn", "requesterarn"})


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as it was found in the record."""

    type: str
    id: str
    name: str | None = None
    arn: str | None = None


@dataclass(frozen=True, slots=True)
class _Call:
    """What tells how to take the members of a request or a response."""

    event_name: str
    service: Service
    index: Mapping[str, tuple[tuple[str, bool], ...]]
    """Member name -> (type, whether it counts at the top only)."""


def read_resources(record: Mapping[str, Any]) -> tuple[Resource, ...]:
    """Return the resources, each once. Nothing in the record can make it fail; linear in its size."""
    service = service_of(text(record.get("eventSource")) or "")
    call = _Call(without_version(text(record.get("eventName")) or ""), service, _index(service))
    found: dict[tuple[str, str], Found] = {}
    for item in _find(record, call):
        key = (item.type, item.id)
        known = found.get(key)
        found[key] = item if known is None else replace(known, name=known.name or item.name, arn=known.arn or item.arn)
    kept = _drop_shadows(list(found.values()))
    region = text(record.get("awsRegion")) or ""
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    resources = [
        Resource(
            type=item.type,
            id=item.id,
            name=item.name,
            arn=item.arn,
            role=role,
            url=resource_url(item.type, item.id, arn=item.arn, region=region, partition=partition),
        )
        for item, role in _with_roles(kept, call)
    ]
    return tuple(sorted(resources, key=lambda resource: _ORDER[resource.role]))


def _find(record: Mapping[str, Any], call: _Call) -> Iterator[Found]:
    yield from _listed(record.get("resources"))
    parts = ["responseElements", "requestParameters", "serviceEventDetails"]
    if record.get("eventType") == "AwsServiceEvent":
        # Where a service acts on its own there is no request; Secrets Manager names the secret here.
        parts.append("additionalEventData")
    for part in parts:
        yield from _walk(record.get(part), call)


def _listed(resources: object) -> Iterator[Found]:
    """`resources`: elements have `ARN`, `arn` or `ARNPrefix`, and a type or none."""
    for entry in listed(resources):
        element = mapping(entry)
        arn = text(element.get("ARN")) or text(element.get("arn"))
        parsed = parse_arn(arn) if arn else None
        type_ = text(element.get("type")) or (parsed.type if parsed else "")
        if arn and type_ == "AWS::S3::Object":
            yield Found(type_, arn.partition(":::")[2] or arn, arn=arn)
        elif arn:
            yield Found(type_, parsed.id if parsed else arn, arn=arn)
        elif prefix := text(element.get("ARNPrefix")):
            bucket = prefix.removeprefix("arn:aws:s3:::").partition("/")[0]
            yield Found("AWS::S3::Bucket" if ":s3:::" in prefix else type_, bucket)


@cache
def _index(service: Service) -> Mapping[str, tuple[tuple[str, bool], ...]]:
    index: dict[str, list[tuple[str, bool]]] = {}
    for type_, members in service.members.items():
        for member in members.split():
            index.setdefault(member.removeprefix("^"), []).append((type_, member.startswith("^")))
    return {member: tuple(types) for member, types in index.items()}


def _walk(part: object, call: _Call) -> Iterator[Found]:
    """Go through a request or response. A response often wraps all it says in one object: that is still the top."""
    stack: list[tuple[str, object, Mapping[str, Any], int]] = [("", part, {}, 0)]
    while stack:
        key, value, holder, depth = stack.pop()
        if isinstance(value, str):
            if value and len(value) <= LONGEST_ID:
                yield from _value(key, value, holder, call, top=depth <= 1 or _is_wrapper(part, depth))
        elif depth < MAX_DEPTH and isinstance(value, Mapping):
            stack.extend((str(name), item, value, depth + 1) for name, item in reversed(list(value.items())))
        elif depth < MAX_DEPTH and isinstance(value, list):
            stack.extend((key, item, holder, depth) for item in reversed(value))


def _is_wrapper(part: object, depth: int) -> bool:
    return depth == 2 and isinstance(part, Mapping) and len(part) == 1  # noqa: PLR2004 - one below the wrapper


def _value(key: str, value: str, holder: Mapping[str, Any], call: _Call, *, top: bool) -> Iterator[Found]:
    plain = key.lower()
    arn = parse_arn(value) if value.startswith("arn:") and plain not in _NOT_ARNS else None
    types = [type_ for type_, top_only in call.index.get(plain, ()) if top or not top_only]
    if arn is not None and (types or arn.type):
        type_ = arn.type or _choose(types, call.event_name)
        yield Found(type_, arn.id if arn.type else value, arn=value)
    elif types and value not in {"null", "-"} and not value.startswith("{"):
        type_ = _choose(types, call.event_name)
        id_ = value.rpartition("/")[2] if type_ in call.service.url_types else value
        yield Found(type_, id_, name=_name(type_, holder, call))
    elif shaped := type_of_id(value):
        yield Found(shaped, value)


def _choose(types: list[str], event_name: str) -> str:
    """Of several types that a member may hold, the one that the event's name tells, else the first."""
    return next((type_ for type_ in types if type_.rpartition("::")[2] in event_name), types[0])


def _name(type_: str, holder: Mapping[str, Any], call: _Call) -> str | None:
    """Return the human name that stands beside an id: a group's name, or the Name tag of what the event is about."""
    if member := call.service.name_members.get(type_):
        return text(holder.get(member))
    if _tail(type_) not in call.event_name.lower():
        return None
    for tag in listed(mapping(holder.get("tagSet")).get("items")):
        entry = mapping(tag)
        if entry.get("key") == "Name":
            return text(entry.get("value"))
    return None


def _drop_shadows(found: list[Found]) -> list[Found]:
    """Leave out what says the same thing less well: an ARN without a type beside its typed twin."""
    arns = {item.arn for item in found if item.type and item.arn}
    return [item for item in found if item.type or item.arn not in arns]


def _with_roles(found: list[Found], call: _Call) -> Iterator[tuple[Found, Any]]:
    """Say that the call did its verb to the resources that its name tells, else to the first; the others it used."""
    verb = role_of(call.event_name, call.service.roles)
    made = call.service.makes.get(call.event_name, frozenset())
    lower = call.event_name.lower()
    mains = [index for index, item in enumerate(found) if _tells(lower, item.type)]
    chosen = set(mains or ([0] if found else []))
    for index, item in enumerate(found):
        if made:
            yield item, "created" if item.type in made else "used"
        else:
            yield item, verb if index in chosen else "used"


def _tells(event_name: str, type_: str) -> bool:
    """Tell whether the event's name (in lower case) is about the type: by its own word, or the one that APIs use."""
    return _tail(type_) in event_name or any(
        word in event_name for word in service_of_type(type_).api_words.get(type_, ())
    )


def _tail(type_: str) -> str:
    return type_.rpartition("::")[2].lower() or "\0"
