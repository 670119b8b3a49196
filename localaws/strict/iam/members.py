"""What a request names: the members of its path, its query and its JSON that tell what it is about."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ministack.core import iam_actions
from ministack.services import appconfig, kms


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


def _of_targets(_texts: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, str]:
    """Return the role of a rule's or a schedule's target."""
    target = found.get("Target")
    targets = [target] if isinstance(target, dict) else found.get("Targets") or []
    return next(({"rolearn": target["RoleArn"]} for target in targets if target.get("RoleArn")), {})


SPECIAL: Mapping[str, Callable[[Mapping[str, str], Mapping[str, Any]], dict[str, str]]] = {
    "appconfig": _of_session,
    "kms": _of_key,
    "securityhub": _of_findings,
    "events": _of_targets,
    "scheduler": _of_targets,
}
"""By MiniStack's name of the service: members that a request does not name plainly."""
