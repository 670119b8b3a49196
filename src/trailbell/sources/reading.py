"""Sources that people ask for records, and by which names."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from trailbell.errors import TrailbellError
from trailbell.sources.registry import SOURCES, load_source

DEFAULT_CACHE = Path("~/.cache/trailbell/trails")


class SourceError(TrailbellError):
    """A source holds no CloudTrail records: which one, where in it, and what was expected."""


class Access(Protocol):
    """Somebody's access to AWS."""

    @property
    def region(self) -> str:
        """Return the home region."""

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a client of a service, in the home region unless another one is named."""


class Part(Protocol):
    """A piece of a source that is read on its own."""

    @property
    def name(self) -> str:
        """Return what to call it: from where its records came."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A source that people name and ask."""

    spelling: str
    """How they name it, for the commands' help: `s3://bucket/prefix of a trail`."""
    takes: Callable[[str], bool]
    """Tells whether a name is one of its."""
    open: Callable[[str, Wanted, Access], Source]
    """Returns what it holds under a name. Raises SourceError where that is nothing."""
    needs_since: bool = False
    """Whether all of it is more than anybody means who names no time."""


def asked_sources() -> dict[str, Asked]:
    """Return the sources that people can ask, by name, in the order in which help names them."""
    loaded = {name: load_source(name) for name in SOURCES}
    return {name: source for name, source in loaded.items() if isinstance(source, Asked)}


def find_source(spec: str) -> Asked:
    """Return the source that takes a name. Of two the later one does: files take any name."""
    return next(source for source in reversed(asked_sources().values()) if source.takes(spec))


def open_source(spec: str, wanted: Wanted | None = None, aws: Access | None = None) -> Source:
    """Return what a command was told to read, such as a folder or `s3://bucket/prefix`.

    Raises SourceError where there is nothing.
    """
    return find_source(spec).open(spec, wanted or Wanted(), aws or _NoAccess(spec))


class _NoAccess:
    """Says that there is no access to AWS, once a source needs it."""

    def __init__(self, spec: str) -> None:
        self._spec = spec

    @property
    def region(self) -> str:
        """Raise SourceError."""
        raise self._error()

    def client(self, service: str, region: str | None = None) -> Any:
        """Raise SourceError."""
        del service, region
        raise self._error()

    def _error(self) -> SourceError:
        return SourceError(f"{self._spec} needs access to AWS, and here only files can be read.")
