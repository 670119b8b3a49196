"""On which ARNs a request must be allowed: what its members name, in the forms of AWS's Reference."""

from collections.abc import Mapping
from dataclasses import dataclass

from localaws.strict.iam.reference import ResourceType, resource_types

OTHER_NAMES: Mapping[str, Mapping[str, str]] = {
    "events": {"name": "rulename", "rule": "rulename"},
    "scheduler": {"name": "schedulename"},
    "cloudtrail": {"name": "trailname"},
    "logs": {"loggroupidentifier": "loggroupname"},
}
"""By service: members of requests that the Reference's placeholders call otherwise, both in lower case."""
STANDARD: Mapping[str, Mapping[str, str]] = {"scheduler": {"groupname": "default"}}
"""By service: what stands for a member that a request leaves out."""
INSTEAD = {"dynamodb": "index"}
"""By service: the type that is judged instead of the required one where a request names it.

A query of an index needs the index alone:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html
"""


PASSED_TO: Mapping[str, str] = {
    "cloudformation:CreateChangeSet": "cloudformation.amazonaws.com",
    "cloudformation:CreateStack": "cloudformation.amazonaws.com",
    "cloudformation:UpdateStack": "cloudformation.amazonaws.com",
    "cloudformation:DeleteStack": "cloudformation.amazonaws.com",
    "events:PutTargets": "events.amazonaws.com",
    "lambda:CreateFunction": "lambda.amazonaws.com",
    "scheduler:CreateSchedule": "scheduler.amazonaws.com",
    "scheduler:UpdateSchedule": "scheduler.amazonaws.com",
}
"""By action that hands a role to a service: which one; the caller needs iam:PassRole for it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""
deployment_roles: dict[str, str] = {}
"""By name of a stack: the role with which CloudFormation deploys it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, as far as it tells what it is about."""

    service: str
    """MiniStack's name of the service."""
    action: str
    region: str
    account: str
    members: Mapping[str, str]
    """Texts and numbers among its members, by name in lower case."""
    named: str
    """The ARN that MiniStack finds in it."""


def judged_arns(request: Request) -> list[str]:
    """Return the ARNs on each of which the action must be allowed; `*` where it takes none."""
    types = resource_types(request.action)
    if types is None:
        return [request.named]
    values = _values(request)
    filled = {type_.name: type_.fill(values) for type_ in types}
    required = [type_ for type_ in types if type_.required]
    instead = next((type_ for type_ in types if type_.name == INSTEAD.get(request.service)), None)
    if instead is not None and instead.fits(request.named):
        return [request.named]
    if required:
        return list(dict.fromkeys(_arn(type_, filled[type_.name], request.named) for type_ in required))
    whole = [type_ for type_ in types if filled[type_.name][1] == 0 and _is_own(type_, request)]
    if whole:
        return [filled[max(whole, key=lambda type_: len(type_.placeholders)).name][0]]
    return [request.named if any(type_.fits(request.named) for type_ in types) else "*"]


def _is_own(type_: ResourceType, request: Request) -> bool:
    return type_.pattern.split(":")[2] == request.action.partition(":")[0]


def _arn(type_: ResourceType, filled: tuple[str, int], named: str) -> str:
    return named if type_.fits(named) else filled[0]


def _values(request: Request) -> dict[str, str]:
    service = request.action.partition(":")[0]
    names = OTHER_NAMES.get(service, {})
    values = {names.get(name, name): value for name, value in request.members.items()}
    bus = values.get("eventbusname", "").rpartition("/")[2]
    if service == "events" and bus in {"", "default"}:
        # A rule of the default bus has no bus in its ARN.
        values.pop("eventbusname", None)
    elif service == "events":
        values["eventbusname"] = bus
    return {
        **STANDARD.get(service, {}),
        **values,
        "partition": "aws",
        "region": request.region,
        "account": request.account,
    }


def remember_role(action: str, members: Mapping[str, str]) -> None:
    """Remember the role that a request hands to CloudFormation for a stack."""
    if action.startswith("cloudformation:") and "rolearn" in members and "stackname" in members:
        deployment_roles[members["stackname"]] = members["rolearn"]


def passed_role(action: str, members: Mapping[str, str]) -> str | None:
    """Return the role that a request hands to a service, None where it hands over none."""
    return (members.get("rolearn") or members.get("role")) if action in PASSED_TO else None
