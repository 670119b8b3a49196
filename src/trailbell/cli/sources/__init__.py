"""Where commands read CloudTrail records from. Each source yields raw records."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trailbell.cli.sources.files import SourceError, find_files

if TYPE_CHECKING:
    from trailbell.cli.shared.aws import Aws

__all__ = ["DEFAULT_CACHE", "HISTORY", "Part", "Source", "SourceError", "Wanted", "open_source"]

HISTORY = "history"
"""Names CloudTrail's event history as a source."""
DEFAULT_CACHE = Path("~/.cache/trailbell/trails")


class Part(Protocol):
    """A piece of a source that is read on its own."""

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
    local: bool = True
    """Whether other processes can read the parts, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted of a source that holds more. What cannot tell gives everything."""

    since: datetime | None = None
    """Aware."""
    until: datetime | None = None
    accounts: frozenset[str] = field(default_factory=frozenset)
    """Empty for all."""
    regions: str | None = None
    """As people write them: with commas between, or `all`."""
    cache: Path = DEFAULT_CACHE
    """Where the files of a trail's bucket are kept."""


def open_source(spec: str, wanted: Wanted | None = None, aws: "Aws | None" = None) -> Source:
    """Return what a command was told to read: a file, a folder, `s3://bucket/prefix`, or `history`.

    Raises SourceError where there is nothing.
    """
    wanted = wanted or Wanted()
    if spec.startswith("s3://") or spec == HISTORY:
        if aws is None:
            raise SourceError(f"{spec} needs access to AWS, and here only files can be read.")
        # Here, so that a command on files loads nothing of this.
        from trailbell.cli.sources.event_history import open_history
        from trailbell.cli.sources.trail_bucket import open_bucket

        return open_history(wanted, aws) if spec == HISTORY else open_bucket(spec, wanted, aws)
    parts = find_files(Path(spec))
    return Source(name=spec, parts=parts, count=len(parts), size_bytes=sum(part.size_bytes for part in parts))
