"""On which ARNs a request must be allowed: what its members name, in the forms of AWS's Reference."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ministack.core import iam_actions
from ministack.services import appconfig, kms

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


def members(service: str, method: str, path: str, params: Mapping[str, Any], body: bytes) -> dict[str, str]:
    """Return the members of a request that are a text or a number: of its path, its query and its JSON."""
    found = {name: value[0] if isinstance(value, list) and value else value for name, value in params.items()}
    found |= _of_body(body)
    for route_method, expression in _routes(service):
        if route_method == method and (match := expression.fullmatch(path)):
            found |= match.groupdict()
            break
    texts = {name.lower(): str(value) for name, value in found.items() if isinstance(value, str | int) and value != ""}
    return texts | SPECIAL.get(service, _nothing)(texts, found)


def remember_role(action: str, members: Mapping[str, str]) -> None:
    """Remember the role that a request hands to CloudFormation for a stack."""
    if action.startswith("cloudformation:") and "rolearn" in members and "stackname" in members:
        deployment_roles[members["stackname"]] = members["rolearn"]


def _of_body(body: bytes) -> dict[str, Any]:
    if not body.lstrip().startswith(b"{"):
        return {}
    try:
        content: dict[str, Any] = json.loads(body)
    except ValueError:
        return {}  # the service itself refuses it
    return content


@cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return the routes of a REST service, those with more fixed parts first."""
    routes = []
    for name in iam_actions._BOTOCORE_SERVICE_MAP.get(service, []):
        for operation in iam_actions._load_botocore_model(name).get("operations", {}).values():
            uri = operation["http"]["requestUri"].partition("?")[0]
            expression = re.sub(r"\\{(\w+)\\?\+?\\}", r"(?P<\1>[^/]+)", re.escape(uri))
            routes.append((operation["http"]["method"], uri.count("/") * 2 - uri.count("{"), expression))
    routes.sort(key=lambda route: -route[1])
    return [(method, re.compile(expression)) for method, _, expression in routes]


def _nothing(_texts: Mapping[str, str], _found: Mapping[str, Any]) -> dict[str, str]:
    return {}


def _of_session(texts: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, str]:
    """Return the ids that a configuration session is about: named at its start, then a token stands for them."""
    session = appconfig._sessions.get(str(found.get("configuration_token", "")), {})
    names = {name.lower(): str(value) for name, value in session.items()} | dict(texts)
    if "applicationidentifier" not in names:
        return {}
    application = appconfig._resolve_application_id(names.get("applicationidentifier", ""))
    ids = {
        "applicationid": application,
        "environmentid": appconfig._resolve_environment_id(application, names.get("environmentidentifier", "")),
        "configurationprofileid": appconfig._resolve_configuration_profile_id(
            application, names.get("configurationprofileidentifier", "")
        ),
    }
    return {name: id_ for name, id_ in ids.items() if id_}


def _of_key(texts: Mapping[str, str], _found: Mapping[str, Any]) -> dict[str, str]:
    """Return the key that an alias stands for: it is the key that is judged."""
    key = kms._resolve_key(texts.get("keyid", ""))
    return {"keyid": str(key["KeyId"])} if key else {}


def _of_findings(_texts: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, str]:
    """Return the product in whose name findings are imported: one call is about one product."""
    for finding in found.get("Findings") or []:
        company, _, product = str(finding.get("ProductArn", "")).partition(":product/")[2].partition("/")
        return {"company": company, "productid": product}
    return {}


SPECIAL: Mapping[str, Callable[[Mapping[str, str], Mapping[str, Any]], dict[str, str]]] = {
    "appconfig": _of_session,
    "kms": _of_key,
    "securityhub": _of_findings,
}
"""By MiniStack's name of the service: members that a request does not name plainly."""
