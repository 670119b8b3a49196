"""Judges each call of an API, as AWS does, and writes down by which grant it was allowed or why it was refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.iam_evaluator import AuthError, EvalContext, EvalResult, ParsedStatement, PrincipalInfo
from ministack.core.responses import get_account_id

from localaws.strict import journal
from localaws.strict.iam import keys
from localaws.strict.iam.members import members
from localaws.strict.iam.policies import Grant, role_arn
from localaws.strict.iam.requests import PASSED_TO, Request, judged_arns, passed_role, remember_role


@dataclass(slots=True)
class Seen:
    """What one judgement came upon."""

    principal: str = ""
    root: bool = False
    allowed_by: list[ParsedStatement] = field(default_factory=list)


_seen: ContextVar[Seen | None] = ContextVar("strict_seen", default=None)
_arns: ContextVar[tuple[str, list[str]]] = ContextVar("strict_arns", default=("", []))
"""What MiniStack takes the request to be about, and what it is about."""
_passed: ContextVar[str | None] = ContextVar("strict_passed", default=None)
"""The role that the request hands to a service."""
_refused: ContextVar[str] = ContextVar("strict_refused", default="")
_first_match = iam_evaluator._first_match
_resolve_principal = iam_evaluator.resolve_principal
_enforce = iam_evaluator.enforce
_extract_action = iam_actions.extract_iam_action
_extract_arn = iam_actions.extract_resource_arn
_response = iam_actions.access_denied_response


@contextmanager
def seeing() -> Iterator[Seen]:
    """Remember what the judgement within comes upon."""
    seen = Seen()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def first_match(context: EvalContext, statements: list[ParsedStatement], effect: str) -> ParsedStatement | None:
    """Find the first statement that applies, and remember one that allows."""
    found = _first_match(context, statements, effect)
    seen = _seen.get()
    if found is not None and seen is not None and effect == "Allow":
        seen.allowed_by.append(found)
    return found


def resolve_principal(*arguments: Any) -> PrincipalInfo | AuthError:
    """Find who calls, and remember it."""
    found = _resolve_principal(*arguments)
    seen = _seen.get()
    if seen is not None and isinstance(found, PrincipalInfo):
        seen.principal, seen.root = role_arn(found.arn), found.policies is None
    return found


def extract_arn(
    service: str, method: str, path: str, headers: dict[str, str], body: bytes, params: dict[str, Any], *scope: str
) -> str:
    """Return what MiniStack takes a request to be about, and remember what AWS judges it on."""
    named: str = _extract_arn(service, method, path, headers, body, params, *scope)
    action = _extract_action(service, method, path, headers, body, params)
    if action is not None:
        found = members(service, method, path, params, body)
        remember_role(action, found)
        _passed.set(passed_role(action, found))
        request = Request(service=service, action=action, region=scope[0], account=scope[1], members=found, named=named)
        _arns.set((named, judged_arns(request)))
    return named


_OF_SESSION = "appconfig:GetLatestConfiguration"


def enforce(
    access_key: str,
    action: str,
    service: str,
    region: str,
    resource_arn: str = "*",
    service_context: dict[str, Any] | None = None,
) -> EvalResult | AuthError | None:
    """Judge a call on each resource that it needs, its key, and the role that it passes. None means allowed."""
    named, arns = _arns.get()
    for arn in arns if named == resource_arn and arns else [resource_arn]:
        if action == _OF_SESSION and "*" in arn:
            continue  # a token that is used up names no session: it is no valid request, whoever makes it
        denied = judge(access_key, action, service, region, arn, service_context)
        if denied is None and (key := keys.key_arn(action, arn)):
            via = {"kms:viaservice": f"{service}.{region}.amazonaws.com"}
            needed = (judge(access_key, of_key, "kms", region, key, via) for of_key in keys.NEEDED[action])
            denied = next((refusal for refusal in needed if refusal is not None), None)
        if denied is not None:
            return denied
    if (role := _passed.get()) and action in PASSED_TO:
        return judge(access_key, "iam:PassRole", "iam", region, role, {"iam:passedtoservice": PASSED_TO[action]})
    return None


def judge(
    access_key: str, action: str, service: str, region: str, arn: str, context: dict[str, Any] | None
) -> EvalResult | AuthError | None:
    """Judge a call on one resource. None means allowed."""
    with seeing() as seen:
        denied = _enforce(access_key, action, service, region, arn, context)
    if isinstance(denied, AuthError):
        return denied
    if denied is not None:
        _refused.set(arn)
        journal.note(
            "refused",
            action=action,
            resource=arn,
            principal=role_arn(denied.principal_arn),
            reason=reason(denied, seen.allowed_by),
        )
    elif seen.principal and not seen.root:
        journal.note(
            "allowed", action=action, resource=arn, principal=seen.principal, **grant(action, arn, seen.allowed_by)
        )
    return denied


def reason(denied: EvalResult, allowed_by: list[ParsedStatement]) -> str:
    """Say what refused."""
    if denied.decision == "Deny":
        return "explicit deny of the resource policy" if denied.resource_policy_arn else "explicit deny"
    return "resource policy" if any(isinstance(found, Grant) for found in allowed_by) else "identity policy"


def grant(action: str, arn: str, allowed_by: list[ParsedStatement]) -> dict[str, Any]:
    """Return what allowed it: of a role's policy the statement, and which of its actions and resources."""
    found = next((statement for statement in allowed_by if isinstance(statement, Grant)), None)
    if found is None:
        return {"by": "resource policy"} if allowed_by else {}
    return {
        "by": "identity policy",
        "policy": found.policy,
        "statement": found.index,
        "granted_action": _pattern(found.actions, action, ignore_case=True),
        "granted_resource": _pattern(found.resources, arn, ignore_case=False),
    }


def _pattern(patterns: list[str], value: str, *, ignore_case: bool) -> int | None:
    matches = iam_evaluator.fnmatch_iam if ignore_case else iam_evaluator.fnmatch_iam_cs
    return next((index for index, pattern in enumerate(patterns) if matches(value, pattern)), None)


def extract_action(service: str, method: str, path: str, *rest: Any) -> str | None:
    """Return the action of a request; one that nothing knows is written down, for it is not judged."""
    action: str | None = _extract_action(service, method, path, *rest)
    if action is None:
        journal.note("unjudged", service=service, method=method, path=path, account=get_account_id())
    return action


def response(*arguments: Any, **named: Any) -> Any:
    """Word a refusal, with the resource that it was about, as AWS does and MiniStack does for some services only."""
    if (refused := _refused.get()) and not named.get("error_code"):
        named["resource_arn"] = refused
        if not named.get("message") and not named.get("resource_policy_arn"):
            _, action, principal = arguments[:3]
            named["message"] = iam_actions.identity_denial_message(
                action, principal, refused, named.get("explicit_deny", False)
            )
    return _response(*arguments, **named)


def over_tls(source_ip: str, secure_transport: bool) -> None:  # noqa: FBT001, ARG001 - as MiniStack calls it
    """Take the loopback's HTTP for the HTTPS that it stands in for: policies that ask for TLS would refuse all."""
    _origin.set((source_ip, True))


_origin: ContextVar[tuple[str, bool]] = ContextVar("strict_origin", default=("127.0.0.1", True))


def install() -> None:
    """Let MiniStack judge calls so."""
    iam_actions.SERVICE_TO_IAM_NAMESPACE.setdefault("securityhub", "securityhub")
    iam_actions._BOTOCORE_SERVICE_MAP.update(
        # MiniStack serves AppConfig's data plane under the same name.
        {"securityhub": ["securityhub"], "appconfig": ["appconfig", "appconfigdata"]}
    )
    iam_evaluator._first_match = first_match
    iam_evaluator.resolve_principal = resolve_principal
    iam_evaluator.enforce = enforce
    iam_evaluator._request_origin = _origin
    iam_actions.extract_iam_action = extract_action
    iam_actions.extract_resource_arn = extract_arn
    iam_actions.access_denied_response = response
    app.pin_request_origin = over_tls
