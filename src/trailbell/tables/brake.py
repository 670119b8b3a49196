"""What the storm brake remembers, in the windows table.

`brake#<destination>#<minute>` holds a head and the folded alerts. Once an alert is folded the head is due at the
minute's end (state/due.py).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from trailbell.brake import Due
from trailbell.contract.retention import STATE_SECONDS
from trailbell.errors import StateError
from trailbell.tables.due import BRAKE_HEAD, MARK, mark, minute_key
from trailbell.tables.dynamodb import DynamoDb

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
                Key=_key(destination, minute, BRAKE_HEAD),
                UpdateExpression="SET expires_at = :expires ADD seen :one",
                ExpressionAttributeValues={":one": {"N": "1"}, ":expires": {"N": self._expires()}},
                ReturnValues="UPDATED_NEW",
            )
        return int(answer["Attributes"]["seen"]["N"])

    def fold(self, destination: str, minute: str, alert_id: str, document: str, due: Due) -> bool:
        """Keep an alert, and let the minute be due, unless it is closed: all in one transaction."""
        item = {"document": {"S": document}, "expires_at": {"N": self._expires()}}
        marked = mark(
            minute_key(destination, minute), at_ms=due.at_ms, body=due.message, now_seconds=self._now_seconds()
        )
        client = self._dynamodb.client
        try:
            with self._answering():
                client.transact_write_items(
                    TransactItems=[
                        {
                            "Update": {
                                "TableName": self._table_name,
                                "Key": _key(destination, minute, BRAKE_HEAD),
                                "UpdateExpression": f"SET {MARK}",
                                "ConditionExpression": "attribute_not_exists(closed)",
                                "ExpressionAttributeValues": marked,
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

    def close(self, destination: str, minute: str) -> Sequence[str]:
        """Close the minute, and read what is in it."""
        head = _key(destination, minute, BRAKE_HEAD)
        with self._answering():
            self._dynamodb.client.update_item(
                TableName=self._table_name,
                Key=head,
                UpdateExpression="SET closed = :yes, expires_at = :expires",
                ExpressionAttributeValues={":yes": {"BOOL": True}, ":expires": {"N": self._expires()}},
            )
            pages = self._dynamodb.client.get_paginator("query").paginate(
                TableName=self._table_name,
                KeyConditionExpression="id = :id AND begins_with(entry, :folded)",
                ExpressionAttributeValues={":id": head["id"], ":folded": {"S": FOLDED}},
                ConsistentRead=True,
            )
            return [item["document"]["S"] for page in pages for item in page["Items"]]

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
    return {"id": {"S": minute_key(destination, minute)}, "entry": {"S": entry}}
