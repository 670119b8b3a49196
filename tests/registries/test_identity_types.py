"""An identity type is its file and its line: all that is told of it and checked by it is read off these."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.alerts import alert_of
from tests.unit.authoring.reading import TODAY
from tests.unit.read.identities import ACCOUNT, IDENTITIES
from tests.unit.read.role_sessions import ROLE_SESSIONS
from trailbell.authoring import InvalidConfigError, load_config
from trailbell.formats.text import text
from trailbell.names import Names
from trailbell.read.principal import types
from trailbell.read.principal.reader import read_principal
from trailbell.read.principal.registry import IDENTITY_TYPES, find_identity_type, word_identity_type

RECORD: dict[str, Any] = {
    "eventID": "e-1",
    "eventName": "DeleteTrail",
    "eventSource": "cloudtrail.amazonaws.com",
    "eventTime": "2026-11-02T09:00:00Z",
    "awsRegion": "eu-central-1",
    "recipientAccountId": ACCOUNT,
}
BY_ROBOTS = """
rules:
  - id: by-robots
    title: By a robot
    severity: low
    match: {eventName: [DeleteTrail], userIdentity: {type: [PipelineRobot]}}
    tests: []
"""


def complaints(config: Path) -> list[str]:
    """Return what is wrong with a config."""
    try:
        return [str(problem) for problem in load_config(config, today=TODAY).warnings]
    except InvalidConfigError as error:
        return [str(problem) for problem in error.problems]


def by(type_: str, **identity: Any) -> dict[str, Any]:
    return {**RECORD, "userIdentity": {"type": type_, "accountId": ACCOUNT, **identity}}


def test_every_file_of_a_type_has_a_line() -> None:
    (folder,) = map(Path, types.__path__)
    files = {f"{types.__name__}.{file.stem}" for file in folder.glob("*.py") if file.stem != "__init__"}
    assert files == set(IDENTITY_TYPES.values())


@pytest.mark.parametrize("name", IDENTITY_TYPES)
def test_an_alert_says_a_type_as_a_person_does(name: str) -> None:
    words = find_identity_type(name).words
    assert words
    assert words in text(alert_of(by(name)))


@pytest.mark.parametrize("name", IDENTITY_TYPES)
def test_a_rule_may_ask_for_a_type(name: str, tmp_path: Path) -> None:
    config = tmp_path / "trailbell.yaml"
    config.write_text(BY_ROBOTS.replace("PipelineRobot", name), encoding="utf-8")
    assert complaints(config) == []


def test_identities_of_every_type_are_read() -> None:
    read = {read_principal(record, Names()).principal.type for _, record, _ in (*IDENTITIES, *ROLE_SESSIONS)}
    assert read >= IDENTITY_TYPES.keys()


def test_a_type_that_nobody_knows_is_told_as_it_is() -> None:
    assert word_identity_type("PipelineRobot") == "PipelineRobot"
    assert alert_of(by("PipelineRobot", userName="r2")).principal.display == "r2"
