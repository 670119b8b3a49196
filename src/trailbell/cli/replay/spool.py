"""Where findings wait until all are known, so that they are judged in the order of their events' time.

They wait on disk: a replay of a year must fit into memory. What is kept in memory is one row of 40 bytes a record.
"""

import pickle
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar

from trailbell.finding import Finding
from trailbell.record import Event, Origin, Principal, Record, Resource
from trailbell.rule import Rule

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_ROW = struct.Struct(">QIQIQ")
"""Time in milliseconds, part, position in the part, spool file, offset in it. As bytes they sort as the numbers do."""

Row = bytes

Piece = TypeVar("Piece", bound="DataclassInstance")


class _Packer(Generic[Piece]):
    """Takes a part of a record apart and puts it together: pickle alone takes twice as long to pack dataclasses."""

    def __init__(self, kind: type[Piece]) -> None:
        self._kind = kind
        self._names = tuple(field.name for field in fields(kind))
        self.pack: Callable[[Piece], tuple[Any, ...]] = attrgetter(*self._names)

    def unpack(self, values: tuple[Any, ...]) -> Piece:
        return self._kind(**dict(zip(self._names, values, strict=True)))


_EVENT, _PRINCIPAL, _ORIGIN, _RESOURCE = _Packer(Event), _Packer(Principal), _Packer(Origin), _Packer(Resource)


def time_of(row: Row) -> datetime:
    """Return the time of a row's event."""
    return datetime.fromtimestamp(_ROW.unpack(row)[0] / 1000, UTC)


class SpoolWriter:
    """Writes the findings of one process to a file of its own. Records in it are redacted."""

    def __init__(self, folder: Path, *, number: int, rules: Sequence[Rule]) -> None:
        self._number = number
        self._place = {rule.id: place for place, rule in enumerate(rules)}
        self._file = (folder / str(number)).open("wb")

    def write(self, findings: Sequence[Finding], *, part: int, position: int) -> Row:
        """Keep the findings of one record; return the row that leads to them."""
        record = findings[0].record
        time_ms = max(0, round(record.event.time.timestamp() * 1000))
        row = _ROW.pack(time_ms, part, position, self._number, self._file.tell())
        matched = [(self._place[finding.rule.id], finding.suppression_id) for finding in findings]
        entry = (
            _EVENT.pack(record.event),
            _PRINCIPAL.pack(record.principal),
            _ORIGIN.pack(record.origin),
            list(map(_RESOURCE.pack, record.resources)),
            matched,
        )
        for part_of_it in (entry, record.raw):
            pickle.dump(part_of_it, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        return row

    def flush(self) -> None:
        """Make what was written readable for other processes."""
        self._file.flush()

    def close(self) -> None:
        """Write what is left."""
        self._file.close()


def read_spool(
    folder: Path, rows: Iterable[Row], rules: Sequence[Rule], *, raw: bool = True
) -> Iterator[tuple[Finding, ...]]:
    """Yield the findings of each record in the order of their events' time, then as they stood in the source.

    Without `raw`, their records have no raw record: to count findings takes none, and reading it takes the longest.
    """
    files = {int(path.name): path.open("rb") for path in folder.iterdir()}
    try:
        for row in sorted(rows):
            _, _, _, number, offset = _ROW.unpack(row)
            files[number].seek(offset)
            event, principal, origin, resources, matched = _load(files[number])
            record = Record(
                event=_EVENT.unpack(event),
                principal=_PRINCIPAL.unpack(principal),
                origin=_ORIGIN.unpack(origin),
                resources=tuple(map(_RESOURCE.unpack, resources)),
                raw=_load(files[number]) if raw else {},
            )
            yield tuple(
                Finding(rule=rules[place], record=record, test=False, suppression_id=suppression_id)
                for place, suppression_id in matched
            )
    finally:
        for file in files.values():
            file.close()


def _load(file: IO[bytes]) -> Any:
    return pickle.load(file)  # noqa: S301 - this very command wrote it, in a folder of its own
