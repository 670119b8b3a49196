"""The state's tables, as the stack makes them."""

import threading
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from moto.dynamodb.models import DynamoDBBackend

CLAIMS = "claims"
WINDOWS = "windows"
_KEYS = {CLAIMS: ("id",), WINDOWS: ("id", "entry")}


def make_tables(*names: str) -> None:
    """Make tables in moto's DynamoDB."""
    for name in names:
        keys = _KEYS[name]
        boto3.resource("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH" if key == keys[0] else "RANGE"} for key in keys],
        )


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
