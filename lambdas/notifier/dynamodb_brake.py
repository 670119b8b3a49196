"""What the storm brake remembers, in the windows table.

`brake#<destination>#<minute>` holds a head and the folded alerts.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from state.dynamodb import DynamoDb
from trailbell.contract.retention import STATE_SECONDS
from trailbell.errors import StateError

HEAD = "head"
FOLDED = "alert#"


class DynamoDbBrake:
    """Implements `brake.BrakeStore`."""

    def __init__(self, table_name: str, dynamodb: DynamoDb, *, now_seconds: Callable[[], float]) -> None:
        """`now_seconds` returns the seconds since 1970."""
        self._table_name = table_name
        self._dynamodb = dynamodb
        self._now_seconds = now_seconds

    def count(self, destination: str, minute: str) -> int:
        """Count one more alert."""
        with self._answering():
            answer = self._dynamodb.client.update_item(
                TableName=self._table_name,
                Key=_key(destination, minute, HEAD),
                UpdateExpression="SET expires_at = :expires ADD seen :one",
                ExpressionAttributeValues={":one": {"N": "1"}, ":expires": {"N": self._expires()}},
                ReturnValues="UPDATED_NEW",
            )
        return int(answer["Attributes"]["seen"]["N"])

    def fold(self, destination: str, minute: str, alert_id: str, document: str) -> bool:
        """Keep an alert unless the minute is closed: both are one transaction."""
        item = {"document": {"S": document}, "expires_at": {"N": self._expires()}}
        client = self._dynamodb.client
        try:
            with self._answering():
                client.transact_write_items(
                    TransactItems=[
                        {
                            "ConditionCheck": {
                                "TableName": self._table_name,
                                "Key": _key(destination, minute, HEAD),
                                "ConditionExpression": "attribute_not_exists(closed)",
                            }
                        },
                        {
                            "Put": {
                                "TableName": self._table_name,
                                "Item": {**_key(destination, minute, FOLDED + alert_id), **item},
                            }
                        },
                    ]
                )
        except client.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
            if "ConditionalCheckFailed" in reasons:
                return False
            raise StateError(
                f"DynamoDB table {self._table_name} did not answer: {', '.join(map(str, reasons))}"
            ) from error
        return True

    def has_timer(self, destination: str, minute: str) -> bool:
        """Tell whether the minute's timer was sent."""
        with self._answering():
            answer = self._dynamodb.client.get_item(
                TableName=self._table_name, Key=_key(destination, minute, HEAD), ConsistentRead=True
            )
        return "timer" in answer.get("Item", {})

    def note_timer(self, destination: str, minute: str) -> None:
        """Remember that it was."""
        self._mark(destination, minute, "timer")

    def close(self, destination: str, minute: str) -> Sequence[str]:
        """Close the minute, and read what is in it."""
        self._mark(destination, minute, "closed")
        with self._answering():
            pages = self._dynamodb.client.get_paginator("query").paginate(
                TableName=self._table_name,
                KeyConditionExpression="id = :id AND begins_with(entry, :folded)",
                ExpressionAttributeValues={":id": _key(destination, minute, HEAD)["id"], ":folded": {"S": FOLDED}},
                ConsistentRead=True,
            )
            return [item["document"]["S"] for page in pages for item in page["Items"]]

    def _mark(self, destination: str, minute: str, name: str) -> None:
        with self._answering():
            self._dynamodb.client.update_item(
                TableName=self._table_name,
                Key=_key(destination, minute, HEAD),
                UpdateExpression="SET #name = :yes, expires_at = :expires",
                ExpressionAttributeNames={"#name": name},
                ExpressionAttributeValues={":yes": {"BOOL": True}, ":expires": {"N": self._expires()}},
            )

    @contextmanager
    def _answering(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] == "TransactionCanceledException":
                raise
            raise StateError(f"DynamoDB table {self._table_name} did not answer: {error}") from error

    def _expires(self) -> str:
        return str(int(self._now_seconds()) + STATE_SECONDS)


def _key(destination: str, minute: str, entry: str) -> dict[str, Any]:
    return {"id": {"S": f"brake#{destination}#{minute}"}, "entry": {"S": entry}}
