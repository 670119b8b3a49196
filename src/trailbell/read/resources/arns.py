"""Takes ARNs apart: the type and the id that they hold, by what the service that they name says of them."""

from dataclasses import dataclass

from trailbell.aws.registry import service_of_arn

ARN_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Arn:
    """An ARN, taken apart."""

    type: str
    """Empty where the kind is not listed."""
    id: str


def parse_arn(value: str) -> Arn | None:
    """Return the type and the id that an ARN holds; None for what is no ARN of a resource."""
    parts = value.split(":", ARN_PARTS - 1)
    if len(parts) != ARN_PARTS or parts[0] != "arn" or not parts[5] or "*" in value:
        return None
    service, resource = service_of_arn(parts[2]), parts[5]
    if "" in service.arn_types:
        kind, rest, id_ = "", resource, _last(resource)
    else:
        kind, rest = _split(resource)
        id_ = rest
    if service.arn_id:
        id_ = service.arn_id(kind, rest)
    return Arn(type=service.arn_types.get(kind, ""), id=id_ or value)


def _last(resource: str) -> str:
    """Return the id in an ARN without a kind; a topic's subscriptions stand for the topic."""
    return resource.partition(":")[0].rpartition("/")[2] or resource


def _split(resource: str) -> tuple[str, str]:
    """Split at the first of `/` and `:`, where the kind ends."""
    for index, character in enumerate(resource):
        if character in "/:":
            return resource[:index], resource[index + 1 :]
    return resource, ""
