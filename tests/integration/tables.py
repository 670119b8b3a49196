"""The state's tables, as the stack makes them."""

import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import boto3
import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from moto.dynamodb.models import DynamoDBBackend

from trailbell.infra.parts.state import State

CLAIMS = "claims"
WINDOWS = "windows"


@lru_cache(maxsize=1)
def _templates() -> Mapping[str, Any]:
    """Return what CloudFormation is told of each table."""
    stack = Stack(App(), "S")
    State(stack, "State")
    found = Template.from_stack(stack).find_resources("AWS::DynamoDB::Table")
    tables = {CLAIMS: "StateClaims", WINDOWS: "StateWindows"}
    return {
        name: resource["Properties"]
        for name, id_ in tables.items()
        for logical_id, resource in found.items()
        if logical_id.startswith(id_)
    }


def make_tables(*names: str) -> None:
    """Make tables in moto's DynamoDB as the stack makes them in AWS's."""
    dynamodb: Any = boto3.client("dynamodb")
    for name in names:
        template = _templates()[name]
        said = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
        dynamodb.create_table(TableName=name, **{key: template[key] for key in said if key in template})


def items(name: str) -> list[dict[str, Any]]:
    """Return all that a table holds."""
    return boto3.resource("dynamodb").Table(name).scan()["Items"]


def one_at_a_time(monkeypatch: pytest.MonkeyPatch, *operations: str) -> None:
    """Run these operations of moto's DynamoDB one after another, in whatever order threads ask for them.

    DynamoDB serialises the writes to one item; moto, run by many threads, does not.
    """
    lock = threading.RLock()
    for name in operations:
        monkeypatch.setattr(DynamoDBBackend, name, _locked(getattr(DynamoDBBackend, name), lock))


def _locked(method: Callable[..., Any], lock: threading.RLock) -> Callable[..., Any]:
    def locked(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return method(*args, **kwargs)

    return locked


def end_claims() -> None:
    """Do to the claims of the dead what time does: they have ended."""
    table: Any = boto3.resource("dynamodb").Table(CLAIMS)
    for item in items(CLAIMS):
        if "in_progress_expiration" in item:
            table.put_item(Item={**item, "in_progress_expiration": 0})
