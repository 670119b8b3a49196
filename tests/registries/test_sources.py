"""A source is its file and its line: all that commands say of it and do with it is read off these."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from trailbell import sources
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


def unwrapped(text: str) -> str:
    """Return help without its frames and line breaks."""
    return " ".join(text.replace("│", " ").split())


def help_of(command: str) -> str:
    return unwrapped(CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output)


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
