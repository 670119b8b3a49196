"""Where commands read CloudTrail records from. Each source yields raw records."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cli.sources.files import SourceError, find_files

__all__ = ["Part", "Source", "SourceError", "open_source"]


class Part(Protocol):
    """A piece of a source that is read on its own, by any process."""

    @property
    def name(self) -> str:
        """Return what to call it."""

    @property
    def size_bytes(self) -> int:
        """Return how large it is, packed; 0 where nobody knows."""

    def texts(self, on_bytes: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """Yield the JSON text of each record. Raises SourceError.

        `on_bytes` is told how many packed bytes were read, each time some are.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Records to read."""

    name: str
    parts: Iterable[Part]
    """In the order of their records' time, as far as their names tell it. To be read once."""
    count: int
    """How many parts there are."""
    size_bytes: int
    """Of all parts, packed; 0 where nobody knows."""


def open_source(spec: str) -> Source:
    """Return what a command was told to read: a file or a folder. Raises SourceError."""
    parts = find_files(Path(spec))
    return Source(name=spec, parts=parts, count=len(parts), size_bytes=sum(part.size_bytes for part in parts))
