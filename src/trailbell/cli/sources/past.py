"""Events out of files and trails' buckets: the wanted ones, newest first, or one by its id."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from trailbell.call.values import read_time
from trailbell.cli.sources.filters import EventFilter
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.sources.reading import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """When and where."""

    since: datetime | None = None
    """Aware; None where the time has no beginning."""
    until: datetime | None = None
    regions: frozenset[str] = frozenset()
    """Empty for all."""

    def holds(self, when: datetime, region: object) -> bool:
        """Tell whether an event is within."""
        in_time = (self.since is None or when >= self.since) and (self.until is None or when <= self.until)
        return in_time and (not self.regions or region in self.regions)


def newest(source: Source, wanted: EventFilter, within: Within, *, limit: int) -> list[Mapping[str, Any]]:
    """Return the newest raw records that are wanted, `limit` of them or all for 0. Raises SourceError.

    No more than that many are held in memory, however many there are.
    """
    found = _dated(_records(source), wanted, within)
    chosen = heapq.nlargest(limit, found) if limit else sorted(found, reverse=True)
    return [orjson.loads(text) for _, _, text in chosen]


def by_id(source: Source, event_id: str) -> Mapping[str, Any] | None:
    """Return the raw record of an event, None where the source has none. Raises SourceError."""
    for text in _records(source, containing=event_id.encode()):
        record = orjson.loads(text)
        if isinstance(record, dict) and record.get("eventID") == event_id:
            return record
    return None


def _records(source: Source, containing: bytes = b"") -> Iterator[bytes]:
    for part in source.parts:
        for text in part.texts():
            if containing in text:
                yield text


def _dated(texts: Iterable[bytes], wanted: EventFilter, within: Within) -> Iterator[tuple[datetime, int, bytes]]:
    """Yield the wanted records' texts with their times; the number keeps those of one second in their order."""
    names = Names()
    for number, text in enumerate(texts):
        raw = orjson.loads(text)
        if not isinstance(raw, dict):
            continue
        when = read_time(raw.get("eventTime"))
        if within.holds(when, raw.get("awsRegion")) and (wanted.is_empty or wanted.takes(read_record(raw, names))):
            yield when, number, text
