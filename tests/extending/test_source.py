"""A source is one file and one line: a queue's messages, as docs/extending.md adds it."""

import json

import pytest

from tests.extending.how_to import Extended
from trailbell import examples

NAMES = ("run-instances-iam-user", "stop-logging-iam-user")


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Extended:
    extended = Extended(tmp_path_factory.mktemp("extending") / "checkout")
    extended.add("src/trailbell/sources/queue_export.py")
    records = [json.loads((examples.FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES]
    messages = [{"messageId": "m", "body": {"source": "aws.ec2", "detail": record}} for record in records]
    (extended.folder / "export").write_text("\n".join(map(json.dumps, messages)), encoding="utf-8")
    (extended.folder / "starter.yaml").write_text("packs: [starter]\n", encoding="utf-8")
    return extended


@pytest.mark.parametrize("command", ["replay", "show"])
def test_help_names_it(extended: Extended, command: str) -> None:
    said = " ".join(extended.trailbell(command, "--help").stdout.replace("│", " ").split())
    assert "queue:FILE of exported messages" in said


def test_it_is_replayed(extended: Extended) -> None:
    done = extended.trailbell("replay", "queue:export", "--config", "starter.yaml", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert len({json.loads(line)["event_id"] for line in done.stdout.splitlines()}) == len(NAMES)


def test_an_event_of_it_is_shown(extended: Extended) -> None:
    event_id = json.loads((examples.FOLDER / f"{NAMES[1]}.json").read_text(encoding="utf-8"))["eventID"]
    done = extended.trailbell(
        "show", event_id, "--from", "queue:export", "--config", "starter.yaml", "--format", "json"
    )
    assert json.loads(done.stdout)["event"]["name"] == "StopLogging"
