"""CloudTrail records from files: what a trail writes, what the AWS CLI prints, and records one a line.

A file is read as the JSON text of its records: `trailbell.ruleset` decides most of them without parsing them whole.
"""

import gzip
import io
import re
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import msgspec
import orjson

from trailbell.sources.reading import Access, Asked, Source, SourceError, Wanted

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

WHOLE_FILE_BYTES = 32 * 1024 * 1024
"""A larger .json file is read piece by piece; a trail's files are smaller by far."""
_PIECE_BYTES = 1024 * 1024
_LINE_SUFFIXES = (".jsonl", ".ndjson")
_SUFFIXES = (".json", *_LINE_SUFFIXES)
_DIGESTS = "CloudTrail-Digest"
"""The folder of a trail's integrity digests, which are no records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """One file of records."""

    path: Path
    size_bytes: int

    @property
    def name(self) -> str:
        """Return what to call it."""
        return str(self.path)

    def texts(self, on_bytes: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """Yield the JSON text of each record. Raises SourceError."""
        return read_texts(self.path, on_bytes)


def find_files(path: Path) -> list[FilePart]:
    """Return the files of records at a path, by name; of a folder, all below it. Raises SourceError if there are none.

    Names of a trail's files begin with their time, so that those of one account and region are in its order.
    """
    if path.is_file():
        return [FilePart(path=path, size_bytes=path.stat().st_size)]
    if not path.is_dir():
        raise SourceError(f"There is no file or folder {path}.")
    files = [file for file in path.rglob("*") if _is_records(file) and file.is_file()]
    if not files:
        raise SourceError(f"There is no {', '.join(_SUFFIXES)} file in {path}, gzipped or not.")
    return [FilePart(path=file, size_bytes=file.stat().st_size) for file in sorted(files)]


def _is_records(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(_SUFFIXES) and _DIGESTS not in path.parts


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a file. Raises SourceError."""
    for number, text in enumerate(read_texts(path), start=1):
        try:
            record = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise SourceError(f"{path}: record {number} is not JSON: {error}.") from error
        if not isinstance(record, dict):
            raise SourceError(f"{path}: record {number} is {type(record).__name__}, not a JSON object.")
        yield record


def read_texts(path: Path, on_bytes: Callable[[int], None] | None = None) -> Iterator[bytes]:
    """Yield the JSON text of each record of a file. Raises SourceError."""
    lines = path.name.removesuffix(".gz").endswith(_LINE_SUFFIXES)
    try:
        content = None if lines else _read_whole(path)
        if content is not None:
            (on_bytes or _ignore)(path.stat().st_size)
            yield from _split(path, content)
            return
        with _Metered(path, on_bytes or _ignore) as raw, io.BufferedReader(raw) as packed:
            file = cast("IO[bytes]", gzip.GzipFile(fileobj=packed) if path.suffix == ".gz" else packed)
            yield from filter(None, map(bytes.strip, file)) if lines else _read_pieces(path, file)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path} cannot be read: {error}.") from error


def _ignore(_: int) -> None: ...


class _Metered(io.FileIO):
    """A file that tells how many bytes are read of it."""

    def __init__(self, path: Path, on_bytes: Callable[[int], None]) -> None:
        super().__init__(path)
        self._on_bytes = on_bytes

    def readinto(self, buffer: "WriteableBuffer", /) -> int | None:
        """Read, and tell."""
        count = super().readinto(buffer)
        self._on_bytes(count or 0)
        return count


def _read_whole(path: Path) -> bytes | None:
    """Return a file's content, None where it is too large for that."""
    if path.suffix != ".gz":
        return None if path.stat().st_size > WHOLE_FILE_BYTES else path.read_bytes()
    if path.stat().st_size > WHOLE_FILE_BYTES:
        return None
    # At once, and not through a file object: half the time for the small files of a trail.
    unpack = zlib.decompressobj(wbits=31)
    content = unpack.decompress(path.read_bytes(), WHOLE_FILE_BYTES + 1)
    if len(content) > WHOLE_FILE_BYTES:
        return None
    if unpack.unused_data:  # several gzip members in one file
        return gzip.decompress(path.read_bytes())
    if not unpack.eof:
        raise EOFError("the gzipped data ends too early")
    return content


class _LookedUp(msgspec.Struct):
    """An event as `aws cloudtrail lookup-events` prints it."""

    CloudTrailEvent: str


class _Document(msgspec.Struct, rename={"version": "eventVersion", "name": "eventName"}):
    """Any JSON object that holds records, or is one."""

    Records: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    Events: list[_LookedUp] | msgspec.UnsetType = msgspec.UNSET
    detail: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    """Of an EventBridge event."""
    CloudTrailEvent: str | msgspec.UnsetType = msgspec.UNSET
    version: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    name: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_DOCUMENT = msgspec.json.Decoder(_Document)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def _split(path: Path, content: bytes) -> Iterable[bytes]:
    """Return the texts of a document's records. Raises SourceError."""
    try:
        return _split_document(content)
    except msgspec.MsgspecError as error:
        if re.match(rb"\s*\{[^\n]*\}\s*\n\s*\{", content):  # one record a line, under another name
            return list(filter(None, map(bytes.strip, content.splitlines())))
        raise SourceError(f"{path} is not JSON of CloudTrail records: {error}.") from error


def _split_document(content: bytes) -> Iterable[bytes]:
    """Return the texts of a document's records, copied out one by one. Raises MsgspecError, and that at once."""
    if content.lstrip()[:1] == b"[":
        return map(bytes, _LIST.decode(content))
    document = _DOCUMENT.decode(content)
    if document.Records is not msgspec.UNSET:
        return map(bytes, document.Records)
    if document.Events is not msgspec.UNSET:
        return [event.CloudTrailEvent.encode() for event in document.Events]
    if document.CloudTrailEvent is not msgspec.UNSET:
        return [document.CloudTrailEvent.encode()]
    if document.detail is not msgspec.UNSET:
        return [bytes(document.detail)]
    if document.version is msgspec.UNSET and document.name is msgspec.UNSET:
        raise msgspec.ValidationError("a record, a list of records, or an object with Records or Events was expected")
    return [content]


_HEAD = re.compile(r'\s*(?:\{\s*"Records"\s*:\s*)?\[\s*')
_BETWEEN = re.compile(r"[\s,]*")


def _read_pieces(path: Path, file: IO[bytes]) -> Iterator[bytes]:
    """Yield the texts of the records of a document that is too large to hold."""
    decode, decode_text = JSONDecoder().raw_decode, getincrementaldecoder("utf-8")().decode
    text = decode_text(file.read(_PIECE_BYTES))
    head = _HEAD.match(text)
    if not head:
        raise SourceError(f'{path} is too large to be read at once, and does not begin with [ or {{"Records": [.')
    place, read = head.end(), 0
    while True:
        place = _BETWEEN.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing, too
        if text[place : place + 1] == "]":
            return
        try:
            _, end = decode(text, place)
        except JSONDecodeError as error:
            piece = file.read(_PIECE_BYTES)
            if not piece:
                raise SourceError(f"{path}: no JSON at character {read + error.pos}: {error.msg}.") from error
            read += place
            text, place = text[place:] + decode_text(piece), 0
            continue
        yield text[place:end].encode()
        place = end


def _open(spec: str, wanted: Wanted, aws: Access) -> Source:
    """Return all files at a path: what they hold is not known before they are read."""
    del wanted, aws
    parts = find_files(Path(spec))
    return Source(name=spec, parts=parts, count=len(parts), size_bytes=sum(part.size_bytes for part in parts))


SOURCE = Asked(spelling="a file, a folder", takes=lambda _: True, open=_open)
