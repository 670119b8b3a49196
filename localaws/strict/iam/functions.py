"""Judges what Lambda does with a function's role: reading queues, writing logs, sending on what failed."""

from collections.abc import Callable, Iterator
from typing import Any

from ministack.services import lambda_svc

from localaws.strict.iam.deliveries import ACTIONS
from localaws.strict.iam.services import role_may

READ_QUEUE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""What an event source mapping needs: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
WRITE_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
_before: dict[str, Callable[..., Any]] = {}
"""What stood where this stands now, by name."""
_settled: dict[str, bool] = {}
"""By event source mapping or function: how it was judged last, to note only what changed."""


def mappings() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the event source mappings whose function's role may read the queue; the others read nothing."""
    for account, region, mapping in _before["_iter_all_esms"]():
        arn = str(mapping.get("EventSourceArn", ""))
        if ":sqs:" not in arn or _may_read(mapping, arn):
            yield account, region, mapping


def _may_read(mapping: dict[str, Any], arn: str) -> bool:
    function = lambda_svc._functions.get(mapping["FunctionName"])
    if function is None:
        return True  # nothing is read without a function
    return _role_may_all(function["config"]["Role"], READ_QUEUE, arn, mapping["UUID"])


def logs(function: dict[str, Any], *arguments: Any, **named: Any) -> None:
    """Write what a function said to its log group, where its role may."""
    config = function.get("config") or function
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    *_, region, account = config["FunctionArn"].split(":")[:5]
    stream = f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:any"
    if _role_may_all(config["Role"], WRITE_LOGS, stream, config["FunctionArn"]):
        _before["_emit_lambda_logs"](function, *arguments, **named)


def _role_may_all(role: str, actions: tuple[str, ...], arn: str, of: str) -> bool:
    """Tell whether a role may do all of it; note it where that has changed since it was last asked."""
    allowed = all(role_may(role, action, arn, noted=False) for action in actions)
    if _settled.get(of) != allowed:
        _settled[of] = allowed
        for action in actions:
            role_may(role, action, arn)
    return allowed


def async_failure(target_arn: str, function_name: str, *arguments: Any) -> None:
    """Send what a function failed at to its destination, where the function's role may."""
    function = lambda_svc._functions.get(function_name)
    action = ACTIONS.get(target_arn.split(":")[2])
    if function is None or action is None or role_may(function["config"]["Role"], action, target_arn):
        _before["_route_async_failure"](target_arn, function_name, *arguments)


def install() -> None:
    """Stand before what Lambda does in MiniStack, and before what other parts have put in its place."""
    for name, judging in (
        ("_iter_all_esms", mappings),
        ("_route_async_failure", async_failure),
        ("_emit_lambda_logs", logs),
    ):
        _before[name] = getattr(lambda_svc, name)
        setattr(lambda_svc, name, judging)
