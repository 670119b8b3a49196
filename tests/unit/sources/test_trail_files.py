"""Records are found in whatever file people have of CloudTrail."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from trailbell.sources import trail_files
from trailbell.sources.reading import SourceError
from trailbell.sources.trail_files import find_files, read_records

A = {"eventVersion": "1.11", "eventName": "RunInstances", "eventID": "a", "note": "münchen ] } ,"}
B = {"eventVersion": "1.11", "eventName": "StopLogging", "eventID": "b"}
SHAPES: dict[str, tuple[str, Any]] = {
    "one record": ("r.json", [A]),
    "a list": ("r.json", [A, B]),
    "a trail's file": ("r.json", [A, B]),
    "lookup-events": ("r.json", [A, B]),
    "an EventBridge event": ("r.json", [A]),
    "lines": ("r.jsonl", [A, B]),
    "lines under another suffix": ("r.ndjson", [A, B]),
    "lines named json": ("r.json", [A, B]),
}


def write(shape: str, records: list[dict[str, Any]]) -> str:
    return {
        "one record": lambda: json.dumps(records[0], indent=2),
        "a list": lambda: json.dumps(records),
        "a trail's file": lambda: json.dumps({"Records": records}),
        "lookup-events": lambda: json.dumps({"Events": [{"CloudTrailEvent": json.dumps(each)} for each in records]}),
        "an EventBridge event": lambda: json.dumps({"source": "aws.ec2", "detail": records[0]}),
        "lines": lambda: "\n".join(map(json.dumps, records)) + "\n\n",
        "lines under another suffix": lambda: "\n".join(map(json.dumps, records)),
        "lines named json": lambda: "\n".join(map(json.dumps, records)),
    }[shape]()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_records_are_read_from(shape: str, packed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter
    name, records = SHAPES[shape]
    path = tmp_path / (name + ".gz" * packed)
    content = write(shape, records).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    assert list(read_records(path)) == records


@pytest.mark.parametrize("shape", ["a list", "a trail's file"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_document_too_large_to_hold_is_read_in_pieces(
    shape: str,
    packed: bool,  # noqa: FBT001 - a parameter
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trail_files, "WHOLE_FILE_BYTES", 100)
    monkeypatch.setattr(trail_files, "_PIECE_BYTES", 37)
    records = [A | {"eventID": str(number)} for number in range(50)]
    path = tmp_path / ("r.json" + ".gz" * packed)
    content = write(shape, records).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    assert list(read_records(path)) == records


def test_a_cut_large_document_is_an_error_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_files, "WHOLE_FILE_BYTES", 100)
    path = tmp_path / "r.json"
    path.write_text(write("a list", [A, B])[:-10])
    with pytest.raises(SourceError, match=r"r\.json: no JSON at character 1\d\d"):
        list(read_records(path))


def test_several_gzip_members_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "r.json.gz"
    path.write_bytes(gzip.compress(b'{"Records": [', mtime=0) + gzip.compress(json.dumps(A).encode() + b"]}"))
    assert list(read_records(path)) == [A]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("r.json", b"{", "r.json is not JSON of CloudTrail records: Input data was truncated"),
        ("r.json", b'{"digestStartTime": 1}', "a record, a list of records"),
        ("r.json", b'{"Records": 7}', "r.json is not JSON of CloudTrail records: Expected `array`"),
        ("r.jsonl", b'{"eventName": "a"}\n[1]\n', "record 2 is list, not a JSON object"),
        ("r.jsonl", b'{"eventName": "a"}\n{\n', "record 2 is not JSON"),
        ("r.json.gz", b"no gzip", "r.json.gz cannot be read"),
        ("r.json.gz", gzip.compress(b'{"Records": []}', mtime=0)[:-9], "ends too early"),
        ("r.jsonl.gz", gzip.compress(b'{"Records": []}', mtime=0)[:-9], "r.jsonl.gz cannot be read"),
    ],
)
def test_what_holds_no_records_is_an_error_that_names_the_file(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=message):
        list(read_records(tmp_path / name))


def test_folders_are_searched_and_digests_left_out(tmp_path: Path) -> None:
    for name in ("b/2.json.gz", "a/1.jsonl", "c/readme.txt", "CloudTrail-Digest/3.json.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * 7)
    found = find_files(tmp_path)
    assert [part.name for part in found] == [str(tmp_path / "a/1.jsonl"), str(tmp_path / "b/2.json.gz")]
    assert [part.size_bytes for part in found] == [7, 7]


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file or folder"):
        find_files(tmp_path / "missing")
    with pytest.raises(SourceError, match=r"There is no \.json"):
        find_files(tmp_path)
