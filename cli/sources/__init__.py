"""Where commands read CloudTrail records from. Each source yields raw records."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from cli.sources.files import FilePart, SourceError, find_files

__all__ = ["FilePart", "Part", "SourceError", "open_source"]


class Part(Protocol):
    """A piece of a source that is read on its own, by any process."""

    @property
    def name(self) -> str:
        """Return what to call it."""

    @property
    def size_bytes(self) -> int:
        """Return how large it is, packed; 0 where nobody knows."""

    def texts(self) -> Iterator[bytes]:
        """Yield the JSON text of each record. Raises SourceError."""


def open_source(spec: str) -> Sequence[Part]:
    """Return the parts of what a command was told to read: a file or a folder. Raises SourceError."""
    return find_files(Path(spec))
