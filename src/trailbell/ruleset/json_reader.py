"""Reads a record's JSON text: first the fields that narrow the rules down, all of it only where rules are left."""

from collections.abc import Iterable
from typing import Any

from trailbell.errors import RecordError
from trailbell.pattern import MISSING


class JsonReader:
    """Two readers of the same text. msgspec and orjson are loaded with the first one."""

    __slots__ = ("_invalid", "_outline", "_record", "_unfit")

    def __init__(self, paths: Iterable[tuple[str, ...]]) -> None:
        """Make readers of whole records, and of outlines that have these fields."""
        # Here, so that the detector, which gets parsed records, needs neither.
        import msgspec
        import orjson

        self._outline = msgspec.json.Decoder(
            _struct("Outline", [".".join(path) for path in paths], msgspec.defstruct)
        ).decode
        self._unfit = msgspec.MsgspecError
        self._record = orjson.loads
        self._invalid = orjson.JSONDecodeError

    def outline(self, data: bytes) -> object | None:
        """Return an object with the automaton's fields; None where one is of another shape than CloudTrail's."""
        try:
            outline: object = self._outline(data)
        except (self._unfit, UnicodeDecodeError, RecursionError):
            return None  # `record` tells whether it is JSON at all
        return outline

    def record(self, data: bytes) -> dict[str, Any]:
        """Return the whole record. Raises RecordError."""
        try:
            record = self._record(data)
        except (self._invalid, RecursionError) as error:
            raise RecordError(f"the record is not JSON ({error}); look at the event by hand") from error
        if not isinstance(record, dict):
            raise RecordError(f"the record is {type(record).__name__}, not a JSON object; look at the event by hand")
        return record


def _struct(name: str, paths: list[str], define: Any) -> type[Any]:
    """Return a struct of the dotted paths, each MISSING unless the text has it; an object on the way is one, too."""
    below: dict[str, list[str]] = {}
    for path in paths:
        field, _, rest = path.partition(".")
        below.setdefault(field, []).extend([rest] if rest else [])
    fields: list[tuple[str, Any, Any]] = []
    for field, rests in below.items():
        kind = _struct(f"{name}.{field}", rests, define) if rests else Any
        fields.append((field, kind, kind() if rests else MISSING))
    struct: type[Any] = define(name, fields, frozen=True, gc=False)
    return struct
