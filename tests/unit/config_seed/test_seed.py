"""What becomes of a deployment's config, and that CloudFormation always gets its answer."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from config_seed import handler as module
from config_seed.handler import seed

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

STRATEGIES = {"first": "at-once", "update": "watched"}


class FakeConfigs:
    """The hosted configs, of which one is live."""

    def __init__(self, live: str | None) -> None:
        self.live = live
        self.deployed: list[tuple[str, str]] = []
        self.cleared = False

    def live_version(self) -> str | None:
        return self.live

    def deploy(self, content: bytes, *, label: str, description: str, strategy: str) -> None:
        assert "cdk deploy" in description
        assert json.loads(content)["version"] == label.removeprefix("config-")
        self.deployed.append((label, strategy))

    def clear(self) -> None:
        self.cleared = True


@pytest.mark.parametrize(
    ("request_type", "live", "before", "deployed", "outcome"),
    [
        ("Create", None, None, [("config-new", "at-once")], "new is live"),
        ("Create", "new", None, [], "new is live"),
        ("Update", "old", "old", [("config-new", "watched")], "new is live"),
        ("Update", "new", "old", [], "new is live"),
        # Somebody pushed: a checkout that is behind must not bring old rules back.
        ("Update", "pushed", "old", [], "pushed was pushed and stays live"),
        # What no detector runs can be replaced.
        ("Update", "", "old", [("config-new", "at-once")], "new is live"),
    ],
)
def test_a_deployments_config_goes_live_unless_another_one_was_pushed(
    request_type: str, live: str | None, before: str | None, deployed: list[tuple[str, str]], outcome: str
) -> None:
    configs = FakeConfigs(live)
    event: dict[str, Any] = {"RequestType": request_type}
    event |= {"OldResourceProperties": {"ConfigVersion": before}} if before else {}
    told = seed(event, configs, bundled=b'{"version": "new"}', strategies=STRATEGIES)
    assert configs.deployed == deployed
    assert told.startswith(outcome)


def test_deleting_the_stack_clears_every_version_away() -> None:
    configs = FakeConfigs("x")
    seed({"RequestType": "Delete"}, configs, bundled=b"{}", strategies=STRATEGIES)
    assert configs.cleared


@pytest.fixture
def cloudformation() -> Iterator[tuple[str, list[dict[str, Any]]]]:
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


def test_cloudformation_hears_of_a_failure_at_once(
    cloudformation: tuple[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-2")
    url, answers = cloudformation
    event = {
        "RequestType": "Create", "ResponseURL": url, "StackId": "stack", "RequestId": "request",
        "LogicalResourceId": "Seeded",
    }  # fmt: skip
    context = SimpleNamespace(
        log_stream_name="stream", function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn",
        aws_request_id="id",
    )  # fmt: skip
    module.handler(event, cast("LambdaContext", context))  # the environment names no application
    (answer,) = answers
    assert (answer["Status"], answer["StackId"], answer["RequestId"]) == ("FAILED", "stack", "request")
    assert "TRAILBELL_CONFIG_APPLICATION" in answer["Reason"]
    assert "stream" in answer["Reason"]
