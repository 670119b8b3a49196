"""Where findings wait until all are known, so that they are judged in the order of their events' time.

They wait on disk: a replay of a year must fit into memory. What is kept in memory is one row of 40 bytes a record.
"""

import pickle
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from trailbell.finding import Finding
from trailbell.rules import Rule

if TYPE_CHECKING:
    from trailbell.record import Record

    _Entry = tuple[Record, list[tuple[int, str | None]]]
    """A record, and for each rule that it matches its place and the suppression that holds it back."""

_ROW = struct.Struct(">QIQIQ")
"""Time in milliseconds, part, position in the part, spool file, offset in it. As bytes they sort as the numbers do."""

Row = bytes


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
        pickle.dump((record, matched), self._file, protocol=pickle.HIGHEST_PROTOCOL)
        return row

    def flush(self) -> None:
        """Make what was written readable for other processes."""
        self._file.flush()

    def close(self) -> None:
        """Write what is left."""
        self._file.close()


def read_spool(folder: Path, rows: Iterable[Row], rules: Sequence[Rule]) -> Iterator[tuple[Finding, ...]]:
    """Yield the findings of each record in the order of their events' time, then as they stood in the source."""
    files = {int(path.name): path.open("rb") for path in folder.iterdir()}
    try:
        for row in sorted(rows):
            _, _, _, number, offset = _ROW.unpack(row)
            files[number].seek(offset)
            record, matched = cast("_Entry", pickle.load(files[number]))  # noqa: S301 - this very command wrote it, in a folder of its own
            yield tuple(
                Finding(rule=rules[place], record=record, test=False, suppression_id=suppression_id)
                for place, suppression_id in matched
            )
    finally:
        for file in files.values():
            file.close()
