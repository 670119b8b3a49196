"""The API's members in CloudTrail's spelling, with what is secret left out or masked.

AWS publishes no rule for either; this is what its guides' examples and public records show.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_LEAVES_OUT = frozenset({"iam", "kms", "lambda", "secretsmanager", "sts"})
"""Services whose records lack what is secret; the others' mask it."""
_EC2_LISTS: Mapping[str, tuple[str, str]] = {
    "Filters": ("filterSet", ""),
    "InstanceIds": ("instancesSet", "instanceId"),
    "NetworkInterfaces": ("networkInterfaceSet", ""),
    "Resources": ("resourcesSet", "resourceId"),
    "SecurityGroupIds": ("groupSet", "groupId"),
    "TagSpecifications": ("tagSpecificationSet", ""),
    "Tags": ("tagSet", ""),
    "Values": ("valueSet", "value"),
}
"""Lists of EC2's requests: member -> the name in the record, and the name of each value of a list of plain ones."""


def spell(service: str, shape: Shape, value: Any) -> Any:
    """Return a value as a record holds it. `service` is botocore's name."""
    if isinstance(shape, StructureShape):
        return _structure(service, shape, value)
    if isinstance(shape, ListShape):
        items = [spell(service, shape.member, item) for item in value]
        return _ec2_items(items, "value") if service == "ec2" else items
    if isinstance(shape, MapShape):
        return {key: spell(service, shape.value, item) for key, item in value.items()}
    if isinstance(value, datetime):
        return _time(service, value)
    return value


def lowered(name: str) -> str:
    """Return a member's name as CloudTrail writes it: `userName`, `arn`, `kMSKeyArn`."""
    return name.lower() if name.isupper() else name[:1].lower() + name[1:]


def _structure(service: str, shape: StructureShape, value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, item in value.items():
        member = shape.members.get(name)
        if member is None or item is None or member.type_name == "blob":
            continue
        if _is_secret(member):
            if service not in _LEAVES_OUT:
                found[lowered(name)] = HIDDEN
        elif service == "ec2":
            key, spelled = _ec2(shape, name, item)
            found[key] = spelled
        else:
            found[lowered(name)] = spell(service, member, item)
    return found


def _is_secret(shape: Shape) -> bool:
    return bool(shape.metadata.get("sensitive"))


def _ec2(parent: StructureShape, name: str, value: Any) -> tuple[str, Any]:
    """Return EC2's name and value of a member: those of its XML, with each list in `items`."""
    member = parent.members[name]
    wire = str(member.serialization.get("name", name))
    if not isinstance(member, ListShape) or wire[:1].islower():
        return {"return": "_return"}.get(wire, lowered(wire)), spell("ec2", member, value)
    if parent.name == "TagSpecification":
        return "tags", [spell("ec2", member.member, item) for item in value]
    key, each = _EC2_LISTS.get(name, (lowered(name), "value"))
    return key, _ec2_items([spell("ec2", member.member, item) for item in value], each)


def _ec2_items(items: list[Any], each: str) -> dict[str, Any]:
    if not items:
        return {}
    return {"items": [item if isinstance(item, dict) else {each: item} for item in items]}


def _time(service: str, value: datetime) -> Any:
    if service == "ec2":
        return int(value.timestamp() * 1000)
    utc = value.astimezone(UTC)
    hour = utc.hour % 12 or 12
    return f"{utc:%b} {utc.day}, {utc.year}, {hour}:{utc:%M:%S %p}"
