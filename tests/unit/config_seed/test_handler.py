"""CloudFormation always gets its answer, and never a failure for a deletion."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from trailbell.functions.config_seed import handler as module

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Answers = tuple[str, list[dict[str, Any]]]


@pytest.fixture
def cloudformation() -> Iterator[Answers]:
    answers: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/answer", answers
    server.shutdown()
    server.server_close()


def call(request_type: str, cloudformation: Answers) -> dict[str, Any]:
    """Call the handler, whose environment names no application, and return its answer."""
    url, answers = cloudformation
    event = {
        "RequestType": request_type, "ResponseURL": url, "StackId": "stack", "RequestId": "request",
        "LogicalResourceId": "Seeded",
    }  # fmt: skip
    context = SimpleNamespace(
        log_stream_name="stream", function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn",
        aws_request_id="id",
    )  # fmt: skip
    module.handler(event, cast("LambdaContext", context))
    (answer,) = answers
    return answer


def test_cloudformation_hears_of_a_failure_at_once(
    cloudformation: Answers, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-2")
    bundled = tmp_path / "config.json"
    bundled.write_text('{"version": "new"}')
    monkeypatch.setattr(module, "CONFIG_FILE", bundled)
    answer = call("Create", cloudformation)
    assert (answer["Status"], answer["StackId"], answer["RequestId"]) == ("FAILED", "stack", "request")
    assert "TRAILBELL_CONFIG_APPLICATION" in answer["Reason"]
    assert "stream" in answer["Reason"]


def test_a_deletion_succeeds_even_where_nothing_can_be_deleted_and_says_what_it_left(
    cloudformation: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-2")
    answer = call("Delete", cloudformation)
    assert answer["Status"] == "SUCCESS"
    assert "left: every hosted version of the config" in answer["Reason"]
    assert "TRAILBELL_CONFIG_APPLICATION" in answer["Data"]["Outcome"]
