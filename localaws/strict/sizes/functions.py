"""Sizes of functions: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc

from localaws.strict.cloudformation.types import Properties, check_properties
from localaws.strict.sizes.limit import Response, TooLargeError, compact, judged, limit

ENVIRONMENT = 4_096
"""Bytes of a function's variables together."""
POLICY = 20_480
"""Bytes of the resource policy of one function, version or alias."""
SYNCHRONOUS, ASYNCHRONOUS = 6 * 1024 * 1024, 1024 * 1024
"""Bytes of an event."""


def install() -> None:
    """Judge variables, policies and events."""
    invalid = _refusal(400, "InvalidParameterValueException")
    lambda_svc._create_function = judged(lambda_svc._create_function, _judge_new, invalid)
    lambda_svc._update_config = judged(lambda_svc._update_config, _limit_environment, invalid)
    _wrap_add_permission()
    _wrap_invoke()
    check_properties("AWS::Lambda::Function", _limit_environment)


def limit_policy(resource: str, statements: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a function's policy that is too long. Raises TooLargeError."""
    document = {"Version": "2012-10-17", "Id": "default", "Statement": list(statements)}
    size = len(compact(document).encode())
    limit(size, POLICY, what="resource policy", action="lambda:AddPermission", resource=resource)


def _refusal(status: int, code: str) -> Any:
    return lambda message: error_response_json(code, message, status)


def _judge_new(data: Mapping[str, Any]) -> None:
    _limit_environment(data.get("FunctionName", ""), data)


def _limit_environment(name: str, settings: Properties) -> None:
    variables = (settings.get("Environment") or {}).get("Variables") or {}
    size = len(compact(variables).encode())
    limit(size, ENVIRONMENT, what="variables", action="lambda:CreateFunction", resource=f"function:{name}")


def _wrap_add_permission() -> None:
    add = lambda_svc._add_permission

    def add_permission(name: str, *arguments: Any, **named: Any) -> Response:
        before = copy.deepcopy(lambda_svc._functions[name]["policy"]) if name in lambda_svc._functions else None
        response: Response = add(name, *arguments, **named)
        if before is None or response[0] != 201:  # noqa: PLR2004 - HTTP's "created"
            return response
        statements = lambda_svc._functions[name]["policy"]["Statement"]
        resource = statements[-1]["Resource"]
        try:
            limit_policy(resource, [statement for statement in statements if statement["Resource"] == resource])
        except TooLargeError as error:
            lambda_svc._functions[name]["policy"] = before
            refused: Response = error_response_json("PolicyLengthExceededException", str(error), 400)
            return refused
        return response

    lambda_svc._add_permission = add_permission


def _wrap_invoke() -> None:
    invoke = lambda_svc._invoke

    async def invoke_judged(name: str, event: Any, headers: Mapping[str, str], *others: Any, **named: Any) -> Any:
        most = ASYNCHRONOUS if headers.get("x-amz-invocation-type") == "Event" else SYNCHRONOUS
        size = int(headers.get("content-length") or 0)
        try:
            limit(size, most, what="event", action="lambda:InvokeFunction", resource=f"function:{name}")
        except TooLargeError as error:
            return error_response_json("RequestTooLargeException", str(error), 413)
        return await invoke(name, event, headers, *others, **named)

    lambda_svc._invoke = invoke_judged
