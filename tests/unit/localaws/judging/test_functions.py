"""What Lambda does with the role of a function."""

from collections.abc import Callable
from typing import Any

import pytest
from ministack.services import lambda_svc

from localaws.strict.iam import functions
from tests.unit.localaws.judging.world import ACCOUNT, REGION, Role, allow, bodies, make_function, make_queue, refusals

Written = Callable[[], list[dict[str, Any]]]


def test_a_function_reads_no_queue_that_its_role_may_not(monkeypatch: pytest.MonkeyPatch, written: Written) -> None:
    queue = make_queue()
    reads = allow("sqs:ReceiveMessage", queue), allow("sqs:GetQueueAttributes", queue)
    roles = Role(*reads), Role(*reads, allow("sqs:DeleteMessage", queue))
    names = [make_function(role=role.arn).rpartition(":")[2] for role in roles]
    mappings = [(ACCOUNT, REGION, {"UUID": name, "FunctionName": name, "EventSourceArn": queue}) for name in names]
    monkeypatch.setitem(functions._before, "_iter_all_esms", lambda: iter(mappings))
    assert [mapping["UUID"] for *_, mapping in functions.mappings()] == names[1:]
    assert refusals(written) == [("sqs:DeleteMessage", queue, "identity policy")]


def test_a_functions_failure_goes_only_where_its_role_may_send(written: Written) -> None:
    queue = make_queue()
    for role, left in ((Role(), 0), (Role(allow("sqs:SendMessage", queue)), 1)):
        name = make_function(role=role.arn).rpartition(":")[2]
        lambda_svc._route_async_failure(queue, name, {}, {"body": {}})
        assert len(bodies(queue)) == left
    assert refusals(written) == [("sqs:SendMessage", queue, "identity policy")]


@pytest.mark.parametrize(("group", "emitted"), [("/aws/lambda/one", 1), ("/aws/lambda/other", 0)])
def test_a_function_logs_only_where_its_role_may(group: str, emitted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setitem(functions._before, "_emit_lambda_logs", lambda _function, text: written.append(text))
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/one:*"
    role = Role(allow("logs:CreateLogStream", arn), allow("logs:PutLogEvents", arn))
    function = lambda_svc._functions[make_function(role=role.arn).rpartition(":")[2]]
    function["config"]["LoggingConfig"] = {"LogGroup": group}
    lambda_svc._emit_lambda_logs(function, "said")
    assert len(written) == emitted
