"""A source is its file and its line: all that commands say of it and do with it is read off these."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trailbell import examples, sources
from trailbell.cli.main import app
from trailbell.sources.interface import Delivered
from trailbell.sources.reading import Asked, asked_sources, find_source
from trailbell.sources.registry import SOURCES, load_source

READING = ("replay", "tune", "baseline")
LOOKING = ("show", "explain", "history")
NAMES = {
    "trail-files": ("logs", "s3", "history.json", "logs/history"),
    "trail-bucket": ("s3://trail", "s3://trail/prefix"),
    "event-history": ("history",),
}
"""Names of each source that people ask."""

QUEUE_EXPORT = '''
"""Messages of a queue that EventBridge fills, one a line."""

import json
from dataclasses import dataclass

from trailbell.sources.reading import Asked, Source


@dataclass(frozen=True)
class Export:
    name: str
    size_bytes: int = 0

    def texts(self, on_bytes=None):
        with open(self.name) as lines:
            for line in lines:
                yield json.dumps(json.loads(line)["body"]["detail"]).encode()


SOURCE = Asked(
    spelling="queue:FILE of exported messages",
    takes=lambda spec: spec.startswith("queue:"),
    open=lambda spec, wanted, aws: Source(name=spec, parts=(Export(spec.removeprefix("queue:")),), count=1, size_bytes=0),
)
'''
ADDING = """
import sys
from trailbell.sources import registry
registry.SOURCES = {**registry.SOURCES, "queue-export": "queue_export"}
from trailbell.__main__ import main
main()
"""


def unwrapped(text: str) -> str:
    """Return help without its frames and line breaks."""
    return " ".join(text.replace("│", " ").split())


def help_of(command: str) -> str:
    return unwrapped(CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output)


def with_queue_export(folder: Path, *arguments: str) -> str:
    """Run the command where there is one more source."""
    (folder / "queue_export.py").write_text(QUEUE_EXPORT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", ADDING, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_every_file_that_has_a_source_has_a_line() -> None:
    (folder,) = map(Path, sources.__path__)
    having = {f"trailbell.sources.{file.stem}" for file in folder.glob("*.py") if "\nSOURCE = " in file.read_text()}
    assert having == set(SOURCES.values())


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_asked_or_hands_its_events_in(name: str) -> None:
    assert isinstance(load_source(name), Asked | Delivered)


def test_what_hands_its_events_in_says_whether_they_are_tests() -> None:
    record = {"eventID": "e-1", "eventName": "RunInstances"}
    handing = [load_source(name) for name in SOURCES if name not in asked_sources()]
    assert handing
    for source in handing:
        assert source.receive({"source": "trailbell.test", "detail": record}).test


@pytest.mark.parametrize("name", asked_sources())
@pytest.mark.parametrize("command", [*READING, *LOOKING])
def test_help_says_how_a_source_is_named(command: str, name: str) -> None:
    told = load_source(name).spelling.casefold() in help_of(command).casefold()
    # Where --from is left out, the event history is what is read.
    assert told is (command in READING or name != "event-history")


def test_a_name_leads_to_its_source() -> None:
    assert NAMES.keys() == asked_sources().keys()
    for name, specs in NAMES.items():
        assert [find_source(spec) for spec in specs] == [load_source(name)] * len(specs)


@pytest.mark.parametrize("command", ["replay", "show"])
def test_help_names_a_source_that_is_added(command: str, tmp_path: Path) -> None:
    assert ", or queue:FILE of exported messages" in unwrapped(with_queue_export(tmp_path, command, "--help"))


def test_a_source_that_is_added_is_replayed_and_looked_into(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [
        json.loads((examples.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("run-instances-iam-user", "stop-logging-iam-user")
    ]
    messages = [{"messageId": "m", "body": {"source": "aws.ec2", "detail": record}} for record in records]
    export, config = tmp_path / "export.txt", tmp_path / "trailbell.yaml"
    export.write_text("\n".join(map(json.dumps, messages)), encoding="utf-8")
    config.write_text("packs: [starter]", encoding="utf-8")
    spec = f"queue:{export}"
    alerts = with_queue_export(tmp_path, "replay", spec, "--config", str(config), "--format", "json")
    assert {json.loads(line)["event_id"] for line in alerts.splitlines()} == {record["eventID"] for record in records}
    shown = with_queue_export(
        tmp_path, "show", records[1]["eventID"], "--from", spec, "--config", str(config), "--format", "json"
    )
    assert json.loads(shown)["rules"]
