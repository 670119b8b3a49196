"""Reads a source through one or more configs, in this process or in several."""

import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from trailbell.cli.replay.finding import KEPT_COMPLAINTS, Finder, PartFound, Span
from trailbell.cli.replay.spool import Row
from trailbell.config.model import Config
from trailbell.sources.reading import Part, Source

BATCH_BYTES = 512 * 1024
"""Packed: what a worker process gets at once, so that small files do not cost a message each."""
BATCH_PARTS = 64
AHEAD = 3
"""Batches that wait for each worker."""

_LOADED_LATE = ("trailbell.facts.reader", "trailbell.read.reader", "trailbell.redact")
"""What the pipeline loads with the first record that a rule matches."""

Numbered = tuple[int, Part]


class Watcher:
    """Is told how far the reading is. This one does not listen."""

    def on_records(self, count: int) -> None:
        """So many more records were read."""

    def on_bytes(self, count: int) -> None:
        """So many more packed bytes were read."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What a source held."""

    records: int = 0
    unreadable: int = 0
    """Records that are none."""
    broken: int = 0
    """Parts that could not be read to their end."""
    complaints: list[str] = field(default_factory=list)
    """What is wrong with the first of both."""
    first: str | None = None
    """The earliest time of an event that was come across: `2026-11-01T08:00:00Z`."""
    last: str | None = None
    rows: list[list[Row]] = field(default_factory=list)
    """For each config, the rows that lead to its findings."""

    def add(self, part: PartFound) -> None:
        """Add what one part held."""
        self.records += part.records
        self.unreadable += part.unreadable
        self.broken += part.broken
        self.complaints.extend(part.complaints[: KEPT_COMPLAINTS - len(self.complaints)])
        for time in part.times:
            self.first = min(self.first or time, time)
            self.last = max(self.last or time, time)
        for mine, more in zip(self.rows, part.rows, strict=True):
            mine.extend(more)


def read_source(
    source: Source,
    configs: Sequence[Config],
    folders: Sequence[Path],
    *,
    span: Span,
    processes: int = 1,
    watcher: Watcher | None = None,
) -> Found:
    """Find what the configs' rules match; findings go to the folders, one for each config."""
    watcher = watcher or Watcher()
    found = Found(rows=[[] for _ in configs])
    parts = enumerate(source.parts)
    if processes == 1:
        finder = Finder(configs, folders, number=0, span=span)
        for number, part in parts:
            found.add(finder.read(number, part, on_records=watcher.on_records, on_bytes=watcher.on_bytes))
        finder.close()
        return found
    for size_bytes, part_found in _read_in_workers(parts, configs, folders, span, processes):
        found.add(part_found)
        watcher.on_records(part_found.records)
        watcher.on_bytes(size_bytes)
    return found


def _read_in_workers(
    parts: Iterable[Numbered], configs: Sequence[Config], folders: Sequence[Path], span: Span, processes: int
) -> Iterator[tuple[int, PartFound]]:
    context = _context()
    given = ([config.to_json() for config in configs], list(folders), span, context.Value("i", 0))
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start_worker, initargs=given) as pool:
        batches = (pool.submit(_read_batch, batch) for batch in _batches(parts))
        waiting: set[Future[list[tuple[int, PartFound]]]] = set(islice(batches, processes * AHEAD))
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting.update(islice(batches, len(done)))
            for future in done:
                yield from future.result()


def _context() -> BaseContext:
    """Return how workers are started: by a process that has loaded what they need, else each from nothing.

    Never as a copy of this one: that would hold half of the threads of a progress bar or of a download.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():  # Windows
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, *_LOADED_LATE])
    return context


def _batches(parts: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    batch: list[Numbered] = []
    size_bytes = 0
    for number, part in parts:
        batch.append((number, part))
        size_bytes += part.size_bytes
        if size_bytes >= BATCH_BYTES or len(batch) == BATCH_PARTS:
            yield batch
            batch, size_bytes = [], 0
    if batch:
        yield batch


_finder: Finder | None = None
"""Of a worker process."""


def _start_worker(configs: Sequence[Mapping[str, Any]], folders: Sequence[Path], span: Span, counter: Any) -> None:
    global _finder  # noqa: PLW0603 - made once in the life of a worker
    with counter.get_lock():
        number = counter.value
        counter.value += 1
    _finder = Finder([Config.from_json(config) for config in configs], folders, number=number, span=span)


def _read_batch(batch: Sequence[Numbered]) -> list[tuple[int, PartFound]]:
    assert _finder is not None  # noqa: S101 - the worker was started; told to the type checker
    return [(part.size_bytes, _finder.read(number, part)) for number, part in batch]
