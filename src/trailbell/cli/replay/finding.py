"""From records to findings: the first half of a replay, which needs no order and no state."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from trailbell.call.values import read_time
from trailbell.cli.replay.spool import Row, SpoolWriter
from trailbell.config.model import Config
from trailbell.errors import RecordError
from trailbell.finding import Finding
from trailbell.pipeline import Pipeline
from trailbell.sources.interface import SourcedRecord
from trailbell.sources.reading import Part, SourceError
from trailbell.windows.memory import MemoryStore

TICK_RECORDS = 2000
"""How often a part tells how far it is."""
KEPT_COMPLAINTS = 20
"""Of records that cannot be read; the rest are counted."""
_LARGE_BYTES = 31 * 1024 * 1024
"""glibc goes by blocks up to 32 MiB. Never written to, so it takes no memory."""
_EVENT_TIME = re.compile(rb'"eventTime"\s*:\s*"(\d{4}-\d\d-\d\dT[\d:.]+Z)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A span of time; None where it has no end."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, time: datetime) -> bool:
        """Tell whether a moment is in it: `since` is, `until` is not."""
        return (self.since is None or time >= self.since) and (self.until is None or time < self.until)


@dataclass(slots=True, kw_only=True)
class PartFound:
    """What one part held."""

    records: int = 0
    unreadable: int = 0
    complaints: list[str] = field(default_factory=list)
    """What is wrong with the first of those, and with the part."""
    broken: bool = False
    """Whether the part itself could not be read to its end."""
    times: list[str] = field(default_factory=list)
    """`eventTime` of the first and the last record."""
    rows: list[list[Row]] = field(default_factory=list)
    """For each config, the rows that lead to the findings."""


class Clock:
    """A clock that shows the time of the event at hand."""

    def __init__(self) -> None:
        self.now = datetime.fromtimestamp(0, UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


class _Text:
    """One record's JSON text, read as far as somebody asks."""

    __slots__ = ("_facts", "_pipeline", "_sourced", "_text")

    def __init__(self, text: bytes, pipeline: Pipeline) -> None:
        self._text = text
        self._pipeline = pipeline
        self._sourced: SourcedRecord | None = None
        self._facts: Mapping[str, Any] | None = None

    def sourced(self) -> SourcedRecord:
        """Return it parsed; matching has seen that it is an object. Raises RecordError."""
        if self._sourced is None:
            self._sourced = SourcedRecord.of(orjson.loads(self._text))
        return self._sourced

    def facts(self) -> Mapping[str, Any]:
        """Work out its facts. Raises RecordError."""
        if self._facts is None:
            self._facts = self._pipeline.read_facts(self.sourced().record)
        return self._facts


class Finder:
    """Runs one or more configs over records and spools what they find, one reading for all."""

    def __init__(self, configs: Sequence[Config], folders: Sequence[Path], *, number: int, span: Span) -> None:
        _keep_memory()
        self._clock = Clock()
        self._span = span
        self._ways = [
            (
                Pipeline.from_config(config, store=MemoryStore(), clock=self._clock),
                SpoolWriter(folder, number=number, rules=config.rules),
            )
            for config, folder in zip(configs, folders, strict=True)
        ]

    def read(
        self,
        number: int,
        part: Part,
        *,
        on_records: Callable[[int], None] | None = None,
        on_bytes: Callable[[int], None] | None = None,
    ) -> PartFound:
        """Read a part to its end. What is wrong with it or its records is told in the result."""
        found = PartFound(rows=[[] for _ in self._ways])
        told = 0
        text = b""
        try:
            for text in part.texts(on_bytes):
                if not found.records:
                    found.times.extend(_event_time(text))
                for (pipeline, spool), rows in zip(self._ways, found.rows, strict=True):
                    try:
                        findings = self._find(pipeline, text)
                    except RecordError as error:
                        self._complain(found, f"{part.name}: record {found.records + 1}: {error}.")
                        break
                    if findings:
                        rows.append(spool.write(findings, part=number, position=found.records))
                found.records += 1
                if on_records and found.records - told == TICK_RECORDS:
                    on_records(TICK_RECORDS)
                    told = found.records
        except SourceError as error:
            found.broken = True
            found.complaints.append(str(error))
        found.times.extend(_event_time(text))
        if on_records:
            on_records(found.records - told)
        for _, spool in self._ways:
            spool.flush()
        return found

    def close(self) -> None:
        """Close the spools."""
        for _, spool in self._ways:
            spool.close()

    def _find(self, pipeline: Pipeline, text: bytes) -> tuple[Finding, ...]:
        """Return what `Pipeline.find` would, from text: most records match nothing, and are never parsed whole."""
        record = _Text(text, pipeline)
        matched = pipeline.ruleset.match_json(text, record.facts)
        if not matched:
            return ()
        sourced = record.sourced()
        time = read_time(sourced.record.get("eventTime"))
        if not self._span.holds(time):
            return ()
        self._clock.now = time  # suppressions expire
        return pipeline.found(sourced, matched, record.facts)

    @staticmethod
    def _complain(found: PartFound, complaint: str) -> None:
        found.unreadable += 1
        if len(found.complaints) < KEPT_COMPLAINTS:
            found.complaints.append(complaint)


def _keep_memory() -> None:
    """Let the C library keep the memory that a file's content took, for the next file.

    glibc gives large blocks back to the system, unless a larger one was freed before (mallopt(3), M_MMAP_THRESHOLD).
    Every file then fetches its pages anew, which takes a sixth of a replay. Elsewhere this does nothing.
    """
    bytearray(_LARGE_BYTES)


def _event_time(text: bytes) -> list[str]:
    """Return a record's time as it is written, without parsing the record; nothing where it does not stand there."""
    found = _EVENT_TIME.search(text)
    return [found[1].decode()] if found else []
