"""Reads a record's JSON text: first the fields that narrow the rules down, all of it only where rules are left."""

from collections.abc import Mapping
from typing import Any, TypedDict, cast

from trailbell.errors import RecordError


class _Attributes(TypedDict, total=False):
    mfaAuthenticated: Any


class _SessionContext(TypedDict, total=False):
    attributes: _Attributes | None


class _UserIdentity(TypedDict, total=False):
    type: Any
    invokedBy: Any
    accountId: Any
    sessionContext: _SessionContext | None


class _Outline(TypedDict, total=False):
    """The fields of `automaton.STAGES`."""

    eventSource: Any
    eventName: Any
    errorCode: Any
    userIdentity: _UserIdentity | None
    readOnly: Any
    eventType: Any
    awsRegion: Any
    eventCategory: Any
    managementEvent: Any
    recipientAccountId: Any


class Wire:
    """Two readers of the same text. msgspec and orjson are loaded with the first one."""

    __slots__ = ("_invalid", "_outline", "_record", "_unfit")

    def __init__(self) -> None:
        # Here, so that the detector, which gets parsed records, needs neither.
        import msgspec
        import orjson

        self._outline = msgspec.json.Decoder(_Outline).decode
        self._unfit = msgspec.MsgspecError
        self._record = orjson.loads
        self._invalid = orjson.JSONDecodeError

    def outline(self, data: bytes) -> Mapping[str, Any] | None:
        """Return the fields that the automaton asks for; None where one is of another shape than CloudTrail's."""
        try:
            return cast("Mapping[str, Any]", self._outline(data))
        except (self._unfit, UnicodeDecodeError, RecursionError):
            return None  # `record` tells whether it is JSON at all

    def record(self, data: bytes) -> dict[str, Any]:
        """Return the whole record. Raises RecordError."""
        try:
            record = self._record(data)
        except (self._invalid, RecursionError) as error:
            raise RecordError(f"the record is not JSON ({error}); look at the event by hand") from error
        if not isinstance(record, dict):
            raise RecordError(f"the record is {type(record).__name__}, not a JSON object; look at the event by hand")
        return record
