"""Lambda's guard against loops, through queues and topics; MiniStack knows it for functions that call functions.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html: of what one event set off, about 16 invocations
run. The AWS SDK of a function hands on a lineage in the X-Ray trace header; MiniStack has a header of its own for it,
which its functions send with every call. Here the lineage goes into the message's `AWSTraceHeader`, as on AWS, and out
of it again. It counts a chain's invocations, whichever functions they were of. It ends, as on AWS, at EventBridge and
DynamoDB, which Lambda does not watch.
"""

import json
import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc, sns, sqs

from localaws.strict import journal

HEADER = "AWSTraceHeader"
_LINEAGE = re.compile(r"Lineage=[^;]*:(\d+)")
_sender_depth: ContextVar[int] = ContextVar("strict_sender_depth", default=0)
"""The how-manieth invocation of its chain sends the request that is handled; 0 where no function does."""


def install() -> None:
    """Hand the lineage on, stop what is too long, and tell of it."""
    _wrap_requests(sqs)
    _wrap_requests(sns)
    _wrap_messages()
    _wrap_drop()
    _wrap_mapping()
    _wrap_subscription()


def _wrap_requests(service: Any) -> None:
    handle = service.handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: Mapping[str, Any]
    ) -> Any:
        sends = service is sns or ".SendMessage" in headers.get("x-amz-target", "")
        token = _sender_depth.set(lambda_svc._inbound_invoke_depth(headers) if sends else 0)
        try:
            return await handle(method, path, headers, body, query_params)
        finally:
            _sender_depth.reset(token)

    service.handle_request = handle_request


def _wrap_messages() -> None:
    """Write the lineage into messages that are sent, and those that a topic puts into a queue."""
    build, ensure = sqs._build_send_sys_attrs, sqs._ensure_msg_fields

    def build_with_lineage(now: float, given: Any) -> dict[str, str]:
        return _with_lineage(build(now, given))

    def ensure_with_lineage(message: dict[str, Any]) -> None:
        is_new = "sys" not in message
        ensure(message)
        if is_new:
            message["sys"] = _with_lineage(message["sys"])

    sqs._build_send_sys_attrs = build_with_lineage
    sqs._ensure_msg_fields = ensure_with_lineage


def _with_lineage(attributes: dict[str, str]) -> dict[str, str]:
    depth = _sender_depth.get()
    if not depth:
        return attributes
    given = f"{attributes[HEADER]};" if HEADER in attributes else ""
    return {**attributes, HEADER: f"{given}Lineage=1:local:{depth}"}


def _depth_of(message: Mapping[str, Any]) -> int:
    found = _LINEAGE.search((message.get("sys") or {}).get(HEADER, ""))
    return int(found[1]) if found else 0


def _wrap_drop() -> None:
    drop = lambda_svc._recursive_loop_drop

    def drop_and_tell(name: str, function: Mapping[str, Any], depth: int) -> Any:
        dropped = drop(name, function, depth)
        if dropped is not None:
            reason = f"loop: invocation {depth} of a chain"
            journal.note("refused", action="lambda:InvokeFunction", resource=lambda_svc._func_arn(name), reason=reason)
        return dropped

    lambda_svc._recursive_loop_drop = drop_and_tell


def _wrap_mapping() -> None:
    """Fail a queue's batch of which one message is too deep.

    The messages come back after the visibility timeout, and go to the queue's dead-letter queue after as many receives
    as it says: https://aws.amazon.com/blogs/compute/detecting-and-stopping-recursive-loops-in-aws-lambda-functions/.
    """
    run = lambda_svc._run_sqs_batch

    def run_guarded(mapping: dict[str, Any], function: Any, event: Any, batch: list[Any], *others: Any) -> None:
        depth = max(_depth_of(message) for message in batch) + 1
        if lambda_svc._recursive_loop_drop(mapping["FunctionName"], function, depth) is not None:
            mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
            return
        lambda_svc._invoke_depth.set(depth)
        run(mapping, function, event, batch, *others)

    lambda_svc._run_sqs_batch = run_guarded


def _wrap_subscription() -> None:
    """Send a topic's notification that is too deep to the function's destination or dead-letter queue."""
    deliver = sns._deliver_to_lambda

    def deliver_guarded(endpoint: str, envelope: str, topic: str, subscription: str, *others: Any) -> None:
        depth = _sender_depth.get() + 1
        function, config, name = lambda_svc._get_func_record_for_ref(endpoint)
        if function is None or lambda_svc._recursive_loop_drop(name, function, depth) is None:
            lambda_svc._invoke_depth.set(depth)
            deliver(endpoint, envelope, topic, subscription, *others)
            return
        record = {"EventSource": "aws:sns", "EventSubscriptionArn": subscription, "Sns": json.loads(envelope)}
        target = _failures_of(function, config or {})
        if target:
            failed = {"body": {"errorType": "RecursiveInvocationException"}, "function_error": "Unhandled"}
            lambda_svc._route_async_failure(target, name, {"Records": [record]}, failed)

    sns._deliver_to_lambda = deliver_guarded


def _failures_of(function: Mapping[str, Any], config: Mapping[str, Any]) -> str | None:
    invoked = function.get("event_invoke_config") or (function.get("event_invoke_configs") or {}).get("$LATEST") or {}
    destination = ((invoked.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    target: str | None = destination or (config.get("DeadLetterConfig") or {}).get("TargetArn")
    return target
