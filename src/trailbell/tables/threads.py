"""Which message of a chat an alert became, so that what follows the alert can be said in that message's thread."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from trailbell.alert import Alert
from trailbell.contract.retention import STATE_SECONDS
from trailbell.errors import StateError
from trailbell.tables.dynamodb import DynamoDb

MAX_BATCH = 25
"""Items that DynamoDB takes in one BatchWriteItem."""
MAX_BATCH_TRIES = 5
ENTRY = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that stands in a chat."""

    channel: str
    """The channel's id, as the chat program itself calls it."""
    timestamp: str
    """Slack's `ts`: names a message within its channel."""
    message: Mapping[str, Any] | None = None
    """What was posted, where it is about one alert; None for a digest, to which no single count belongs."""


class Threads(Protocol):
    """Remembers messages. Every method raises StateError where it cannot answer."""

    def find(self, destination: str, key: str) -> Posted | None:
        """Return the message of a key."""

    def keep(self, destination: str, keys: Sequence[str], posted: Posted) -> None:
        """Remember a message under each of some keys."""


def key_of(alert_id: str, alert: Alert) -> str:
    """Return what an alert's message is remembered under. A test must not answer for an alert, so they are apart."""
    return f"{'test' if alert.test else 'aws'}#{alert.event.account_id}#{alert_id}"


class DynamoDbThreads:
    """Threads in the windows table: an item `thread#<destination>#<key>` each."""

    def __init__(self, table_name: str, dynamodb: DynamoDb, *, now_seconds: Callable[[], float]) -> None:
        """`now_seconds` returns the seconds since 1970."""
        self._table_name = table_name
        self._dynamodb = dynamodb
        self._now_seconds = now_seconds

    def find(self, destination: str, key: str) -> Posted | None:
        """Read the item; what was written a moment ago is seen."""
        with self._answering():
            answer = self._dynamodb.client.get_item(
                TableName=self._table_name, Key=_key(destination, key), ConsistentRead=True
            )
        item = answer.get("Item")
        if item is None:
            return None
        message = json.loads(item["message"]["S"]) if "message" in item else None
        return Posted(channel=item["channel"]["S"], timestamp=item["ts"]["S"], message=message)

    def keep(self, destination: str, keys: Sequence[str], posted: Posted) -> None:
        """Write an item for each key."""
        content: dict[str, Any] = {
            "channel": {"S": posted.channel},
            "ts": {"S": posted.timestamp},
            "expires_at": {"N": str(int(self._now_seconds()) + STATE_SECONDS)},
        }
        if posted.message is not None:
            content["message"] = {"S": json.dumps(posted.message, separators=(",", ":"))}
        puts = [{"PutRequest": {"Item": {**_key(destination, key), **content}}} for key in dict.fromkeys(keys)]
        for start in range(0, len(puts), MAX_BATCH):
            self._write(puts[start : start + MAX_BATCH])

    def _write(self, puts: list[Any]) -> None:
        for _ in range(MAX_BATCH_TRIES):
            with self._answering():
                answer = self._dynamodb.client.batch_write_item(RequestItems={self._table_name: puts})
            puts = list(answer["UnprocessedItems"].get(self._table_name, []))
            if not puts:
                return
        raise StateError(f"DynamoDB table {self._table_name} did not take {len(puts)} items")

    @contextmanager
    def _answering(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise StateError(f"DynamoDB table {self._table_name} did not answer: {error}") from error


def _key(destination: str, key: str) -> dict[str, Any]:
    return {"id": {"S": f"thread#{destination}#{key}"}, "entry": {"S": ENTRY}}
