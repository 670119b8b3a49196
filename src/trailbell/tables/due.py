"""What falls due: items of the windows table that a sweep finds by the time at which something has to be done.

An item of any partition becomes due by four attributes; the index `due` holds the items that have them, and no others.
Nobody waits for a time: the sweep asks once a minute what is due. It leases an item before it acts, so two sweeps do
not take the same one; what was leased and not done comes again when the lease ends.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from trailbell.contract.retention import STATE_SECONDS
from trailbell.contract.tables import DUE_AT, DUE_INDEX, DUE_SHARD
from trailbell.errors import StateError
from trailbell.tables.dynamodb import HasClient

SHARDS = tuple("0123")
"""A partition of an index takes 1,000 writes a second, and an index that cannot follow throttles its table: four, for
the 4,000 that a new table takes.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html
"""
BRAKE = "brake#"
"""What the keys of a storm brake's minutes begin with. IAM lets a notifier write those of its own destination."""
BRAKE_HEAD = "head"
MARK = f"{DUE_SHARD} = :shard, {DUE_AT} = :at, due_body = :body, expires_at = :expires"
"""What an update sets to make an item due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An item that the index names."""

    key: str
    entry: str
    at_ms: int
    """When it is due, in milliseconds since 1970; where it was tried in vain, when it is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """An item that is this sweep's for a while."""

    key: str
    entry: str
    body: str
    """What its writer left for whoever acts on it."""
    tries: int
    """How often it was leased, this time included."""
    until_ms: int


class DueItems:
    """The index, and the items that it leads to."""

    def __init__(self, table_name: str, dynamodb: HasClient, *, now_seconds: Callable[[], float]) -> None:
        """`now_seconds` returns the seconds since 1970."""
        self._table_name = table_name
        self._dynamodb = dynamodb
        self._now_seconds = now_seconds

    def put(self, key: str, entry: str, *, at_ms: int, body: str) -> None:
        """Make an item due, as if it had never been tried. Raises StateError."""
        self._update(
            key, entry, UpdateExpression=f"SET {MARK} REMOVE due_tries",
            ExpressionAttributeValues=mark(key, at_ms=at_ms, body=body, now_seconds=self._now_seconds()),
        )  # fmt: skip

    def look(self, now_ms: int, *, limit: int) -> Sequence[Found]:
        """Return what is due, the oldest first, at most about `limit`. Raises StateError.

        The index follows the table a moment later: what was just done may still be in it. A lease tells.
        """
        found: list[Found] = []
        for shard in SHARDS:
            with self._answering():
                # One page: an entry takes some 200 bytes, and a page holds 1 MB.
                answer = self._dynamodb.client.query(
                    TableName=self._table_name,
                    IndexName=DUE_INDEX,
                    KeyConditionExpression=f"{DUE_SHARD} = :shard AND {DUE_AT} <= :now",
                    ExpressionAttributeValues={":shard": {"S": shard}, ":now": {"N": str(now_ms)}},
                    Limit=-(-limit // len(SHARDS)),
                )
            found += [
                Found(key=item["id"]["S"], entry=item["entry"]["S"], at_ms=int(item[DUE_AT]["N"]))
                for item in answer["Items"]
            ]
        return sorted(found, key=lambda each: each.at_ms)

    def lease(self, found: Found, *, until_ms: int) -> Leased | None:
        """Take an item until then; None where another has it, or it is done. Raises StateError."""
        item = self._update(
            found.key, found.entry, UpdateExpression=f"SET {DUE_AT} = :until ADD due_tries :one",
            ConditionExpression=f"{DUE_AT} = :found",
            ExpressionAttributeValues={
                ":until": {"N": str(until_ms)}, ":one": {"N": "1"}, ":found": {"N": str(found.at_ms)}
            },
            ReturnValues="ALL_NEW",
        )  # fmt: skip
        if item is None:
            return None
        return Leased(
            key=found.key,
            entry=found.entry,
            body=item["due_body"]["S"],
            tries=int(item["due_tries"]["N"]),
            until_ms=until_ms,
        )

    def done(self, leased: Leased) -> None:
        """Take an item out of the index, with its body, unless it was made due anew meanwhile. Raises StateError."""
        self._update(
            leased.key, leased.entry,
            UpdateExpression=f"REMOVE {DUE_SHARD}, {DUE_AT}, due_body, due_tries",
            ConditionExpression=f"{DUE_AT} = :until",
            ExpressionAttributeValues={":until": {"N": str(leased.until_ms)}},
        )  # fmt: skip

    def _update(self, key: str, entry: str, **request: Any) -> Mapping[str, Any] | None:
        """Return what the update answers; None where its condition does not hold."""
        from botocore.exceptions import ClientError

        at: Any = {"TableName": self._table_name, "Key": {"id": {"S": key}, "entry": {"S": entry}}}
        with self._answering():
            try:
                return self._dynamodb.client.update_item(**at, **request).get("Attributes", {})
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                return None

    @contextmanager
    def _answering(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise StateError(f"DynamoDB table {self._table_name} did not answer: {error}") from error


def mark(key: str, *, at_ms: int, body: str, now_seconds: float) -> dict[str, Any]:
    """Return the values that `MARK` names."""
    return {
        ":shard": {"S": SHARDS[crc32(key.encode()) % len(SHARDS)]},
        ":at": {"N": str(at_ms)},
        ":body": {"S": body},
        ":expires": {"N": str(int(max(now_seconds, at_ms / 1000)) + STATE_SECONDS)},
    }


def minute_key(destination: str, minute: str) -> str:
    """Return the key of a destination's minute."""
    return f"{BRAKE}{destination}#{minute}"
