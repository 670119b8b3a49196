"""No function waits for AWS longer than it may run."""

import ast
import socket
from collections.abc import Iterator

import pytest
from botocore.exceptions import ReadTimeoutError

from trailbell.functions.notifier.notifier import LONGEST_DELIVERY_SECONDS
from trailbell.infra.base.bundling import sources
from trailbell.runtime import clients
from trailbell.runtime.clients import BY_SERVICE, USUAL, Patience, connect

FUNCTIONS = ("config_seed", "config_validator", "detector", "filter_sync", "notifier", "window_closer")
MAKES_CLIENTS = {"client", "resource", "Session"}
POWERTOOLS = {"AppConfigProvider", "SecretsProvider", "SSMProvider", "DynamoDBProvider", "DynamoDBPersistenceLayer"}
SHORTHANDS = {"get_secret", "get_parameter", "get_app_config"}
"""Of Powertools: each makes a client of its own."""
PATIENT = {"boto_config", "boto3_client"}


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Yield the calls that functions can come to: by file, the call, and what is called."""
    for name, file in {name: file for function in FUNCTIONS for name, file in sources(function)}.items():
        if file.suffix == ".py":
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield name, node, ast.unparse(node.func)


def test_clients_are_made_in_one_place() -> None:
    made = {file for file, _, name in calls() if name in {f"boto3.{kind}" for kind in MAKES_CLIENTS}}
    assert made == {"trailbell/runtime/clients.py"}


def test_powertools_makes_none_of_its_own() -> None:
    found = [(file, node, name.rpartition(".")[2]) for file, node, name in calls()]
    assert [file for file, _, name in found if name in SHORTHANDS] == []
    made = [(file, {keyword.arg for keyword in node.keywords}) for file, node, name in found if name in POWERTOOLS]
    assert {file for file, _ in made} >= {
        "trailbell/functions/detector/app_config.py",
        "trailbell/destinations/transport/secret.py",
        "trailbell/tables/claims.py",
    }
    assert [file for file, keywords in made if not keywords & PATIENT] == []


@pytest.mark.parametrize("patience", [USUAL, *BY_SERVICE.values()])
def test_one_call_ends_within_a_delivery(patience: Patience) -> None:
    assert patience.longest_seconds <= LONGEST_DELIVERY_SECONDS


def test_a_client_gives_up_on_an_endpoint_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "USUAL", Patience(connect_seconds=0.2, read_seconds=0.2, attempts=1))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(ReadTimeoutError):
            connect("sns", region="eu-west-1").list_topics()
