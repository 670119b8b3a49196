"""The state's tables, as the stack makes them."""

import threading
from collections.abc import Callable
from typing import Any, Literal

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
        if name == WINDOWS:
            _add_due_index()


def _add_due_index() -> None:
    """Add the index to the table, as an update of the stack adds it to one that is there already."""
    create = {
        "IndexName": "due",
        "KeySchema": [
            {"AttributeName": "due_shard", "KeyType": "HASH"}, {"AttributeName": "due_at", "KeyType": "RANGE"}
        ],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }  # fmt: skip
    types: dict[str, Literal["S", "N"]] = {"id": "S", "entry": "S", "due_shard": "S", "due_at": "N"}
    boto3.client("dynamodb").update_table(
        TableName=WINDOWS,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": type_} for name, type_ in types.items()],
        GlobalSecondaryIndexUpdates=[{"Create": create}],  # type: ignore[typeddict-item]
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
