"""What the windows remember, in a DynamoDB table with the key `id` (a window's key) and `entry`.

Entries: `window`, the window that is open or was the last; `closed#<event id>`, what one counted that is over and told;
`seen`, when a value was seen last; `began`, when a rule
began to learn; `at#<ms>#<event id>`, one sighting. DynamoDB deletes what is past `expires_at` some
time later, so nothing here trusts that an entry is gone. Every decision is one conditional write: there is no time
between reading and writing for another detector to use.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trailbell.contract.retention import STATE_SECONDS
from trailbell.errors import StateError
from trailbell.tables.dynamodb import HasClient
from trailbell.windows.store import MAX_TRAITS, Closed, Sighting, Window

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UpdateItemInputTypeDef

Item = Mapping[str, Mapping[str, Any]]

CLOSED = "closed#"
_ATTEMPTS = 5


class DynamoDbStore:
    """Implements `windows.Store`."""

    def __init__(self, table_name: str, dynamodb: HasClient) -> None:
        self._table_name = table_name
        self._dynamodb = dynamodb
        self._began: dict[str, int] = {}
        """What was read of the `began` entries: asked for with each finding of a rule, and it hardly ever changes."""

    def open(self, key: str, *, event_id: str, now_ms: int, window_ms: int) -> Window | None:
        """Open a window unless one is open."""
        written, item = self._write(
            key,
            "window",
            # The right-hand sides are the item's values before the write, so the last window's count moves over.
            update="SET ends_at = :ends, opened_by = :me, earlier_repeats = if_not_exists(repeats, :zero), "
            "repeats = :zero, expires_at = :expires REMOVE traits",
            condition="attribute_not_exists(ends_at) OR ends_at <= :now",
            values={
                ":ends": now_ms + window_ms,
                ":me": event_id,
                ":zero": 0,
                ":now": now_ms,
                ":expires": _seconds(now_ms + window_ms) + STATE_SECONDS,
            },
        )
        return _window(item, mine=True) if written or _text(item, "opened_by") == event_id else None

    def repeat(self, key: str, *, event_id: str, now_ms: int, traits: Mapping[str, str]) -> Window | None:
        """Count a repeat in the open window, with its traits as long as there is room for them."""
        condition = "ends_at > :now AND opened_by <> :me"
        values: dict[str, int | str | set[str]] = {":one": 1, ":now": now_ms, ":me": event_id}
        written, item = self._write(
            key,
            "window",
            update="SET repeats = repeats + :one ADD traits :traits",
            condition=f"{condition} AND (attribute_not_exists(traits) OR size(traits) < :most)",
            values={
                **values,
                ":traits": {f"{name}={value}" for name, value in traits.items()},
                ":most": MAX_TRAITS,
            },
        )
        if not written and _number(item, "ends_at") > now_ms and _text(item, "opened_by") != event_id:
            # No room: the count alone.
            written, item = self._write(
                key, "window", update="SET repeats = repeats + :one", condition=condition, values=values
            )
        if written:
            return _window(item, mine=False)
        mine = _text(item, "opened_by") == event_id and _number(item, "ends_at") > now_ms
        return _window(item, mine=True) if mine else None

    def close(self, key: str, *, event_id: str, now_ms: int) -> Closed | None:
        """Return what a window counted, and forget it."""
        for _ in range(_ATTEMPTS):
            window, closed = self._read(key, "window"), self._read(key, f"{CLOSED}{event_id}")
            if closed:
                return _closed(closed)
            if _text(window, "opened_by") != event_id or _number(window, "ends_at") > now_ms:
                return None
            if self._forget(key, event_id, window):
                return _closed(window)
        raise StateError(f"The window of {key} changed while it was closed, {_ATTEMPTS} times in a row; tried again")

    def _forget(self, key: str, event_id: str, window: Item) -> bool:
        """Move what a window counted to an entry of its own, in one go. False where it was changed in between."""
        from botocore.exceptions import BotoCoreError, ClientError

        counted = {name: window[name] for name in ("repeats", "traits", "expires_at") if name in window}
        entry = {"id": {"S": key}, "entry": {"S": f"{CLOSED}{event_id}"}}
        update: Any = {
            "TableName": self._table_name,
            "Key": {"id": {"S": key}, "entry": {"S": "window"}},
            "UpdateExpression": "SET repeats = :zero REMOVE traits",
            "ConditionExpression": "opened_by = :me AND repeats = :counted",
            "ExpressionAttributeValues": {":zero": {"N": "0"}, ":me": {"S": event_id}, ":counted": window["repeats"]},
        }
        put: Any = {"TableName": self._table_name, "Item": {**entry, **counted}}
        try:
            self._dynamodb.client.transact_write_items(TransactItems=[{"Update": update}, {"Put": put}])
        except ClientError as error:
            if error.response["Error"]["Code"] == "TransactionCanceledException":
                return False
            raise self._unanswered(error) from error
        except BotoCoreError as error:
            raise self._unanswered(error) from error
        return True

    def _read(self, key: str, entry: str) -> Item:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            item: Item = self._dynamodb.client.get_item(
                TableName=self._table_name, Key={"id": {"S": key}, "entry": {"S": entry}}, ConsistentRead=True
            ).get("Item", {})
        except (BotoCoreError, ClientError) as error:
            raise self._unanswered(error) from error
        return item

    def note(self, key: str, sighting: Sighting, *, now_ms: int, window_ms: int, count: int) -> Sequence[Sighting]:
        """Remember a sighting, return its neighbours."""
        me, at_ms = _entry(sighting), sighting.at_ms
        self._write(
            key, me, update="SET expires_at = :expires",
            values={":expires": _seconds(max(now_ms, at_ms) + window_ms) + STATE_SECONDS},
        )  # fmt: skip
        # Less than a window away: from one millisecond after its start, up to what sorts before its end.
        before = self._query(key, _bound(at_ms - window_ms + 1), me, limit=count, forward=False)
        after = self._query(key, me, _bound(at_ms + window_ms), limit=count, forward=True)
        return sorted({*before, *after})

    def see(self, key: str, sighting: Sighting, *, now_ms: int, window_ms: int) -> bool:
        """Remember that the key was seen."""
        at_ms = sighting.at_ms
        expires = _seconds(max(now_ms, at_ms) + window_ms) + STATE_SECONDS
        new, item = self._write(
            key,
            "seen",
            update="SET last_at = :at, first_by = :me, expires_at = :expires",
            condition="attribute_not_exists(last_at) OR last_at <= :forgotten",
            values={":at": at_ms, ":me": sighting.event_id, ":expires": expires, ":forgotten": at_ms - window_ms},
        )
        if new:
            return True
        self._write(
            key,
            "seen",
            update="SET last_at = :at, expires_at = :expires",
            condition="last_at < :at",
            values={":at": at_ms, ":expires": expires},
        )
        return _text(item, "first_by") == sighting.event_id

    def begin(self, key: str, *, at_ms: int) -> int:
        """Return when the key began, as far as this sandbox knows: an earlier time given elsewhere counts in new ones.

        The entry never expires: a rule learns once.
        """
        if key not in self._began or at_ms < self._began[key]:
            written, item = self._write(
                key,
                "began",
                update="SET began_at = :at",
                condition="attribute_not_exists(began_at) OR began_at > :at",
                values={":at": at_ms},
            )
            self._began[key] = at_ms if written else _number(item, "began_at")
        return self._began[key]

    def _write(
        self,
        key: str,
        entry: str,
        *,
        update: str,
        values: Mapping[str, int | str | set[str]],
        condition: str | None = None,
    ) -> tuple[bool, Item]:
        """Write if the condition holds. Return whether it did, and the item: as written, or as it stood in the way."""
        from botocore.exceptions import BotoCoreError, ClientError

        request: UpdateItemInputTypeDef = {
            "TableName": self._table_name,
            "Key": {"id": {"S": key}, "entry": {"S": entry}},
            "UpdateExpression": update,
            "ExpressionAttributeValues": {name: _to_dynamodb(value) for name, value in values.items()},
            "ReturnValues": "ALL_NEW",
        }
        if condition:
            request |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        try:
            return True, self._dynamodb.client.update_item(**request)["Attributes"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                old: Item = error.response.get("Item", {})  # type: ignore[assignment]  # botocore's stubs lack it
                return False, old
            raise self._unanswered(error) from error
        except BotoCoreError as error:
            raise self._unanswered(error) from error

    def _query(self, key: str, low: str, high: str, *, limit: int, forward: bool) -> Sequence[Sighting]:
        from botocore.exceptions import BotoCoreError, ClientError

        # One page suffices: a sighting takes about 200 bytes, a rule counts to 1,000, and a page holds 1 MB.
        try:
            found = self._dynamodb.client.query(
                TableName=self._table_name,
                KeyConditionExpression="id = :id AND entry BETWEEN :low AND :high",
                ExpressionAttributeValues={":id": {"S": key}, ":low": {"S": low}, ":high": {"S": high}},
                ProjectionExpression="entry",
                ScanIndexForward=forward,
                Limit=limit,
                ConsistentRead=True,
            )
        except (BotoCoreError, ClientError) as error:
            raise self._unanswered(error) from error
        return [_sighting(item["entry"]["S"]) for item in found["Items"]]

    def _unanswered(self, error: Exception) -> StateError:
        return StateError(f"DynamoDB table {self._table_name} did not answer: {error}")


def _entry(sighting: Sighting) -> str:
    return f"{_bound(sighting.at_ms)}#{sighting.event_id}"


def _bound(at_ms: int) -> str:
    """Return what sorts before every sighting of this millisecond, and after those before it."""
    return f"at#{max(0, at_ms):015d}"


def _sighting(entry: str) -> Sighting:
    _, at_ms, event_id = entry.split("#", 2)
    return Sighting(at_ms=int(at_ms), event_id=event_id)


def _window(item: Item, *, mine: bool) -> Window:
    return Window(mine=mine, earlier_repeats=_number(item, "earlier_repeats"), ends_at_ms=_number(item, "ends_at"))


def _closed(item: Item) -> Closed:
    traits: dict[str, list[str]] = {}
    for trait in sorted(item["traits"]["SS"] if "traits" in item else ()):
        name, _, value = trait.partition("=")
        traits.setdefault(name, []).append(value)
    return Closed(repeats=_number(item, "repeats"), traits={name: tuple(values) for name, values in traits.items()})


def _to_dynamodb(value: int | str | set[str]) -> dict[str, Any]:
    if isinstance(value, set):
        return {"SS": sorted(value)}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _text(item: Item, name: str) -> str | None:
    return item[name]["S"] if name in item else None


def _number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _seconds(milliseconds: int) -> int:
    return milliseconds // 1000
