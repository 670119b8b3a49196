"""`trailbell baseline` against moto: what it taught, the detector's own store finds seen."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner, Result

from tests.integration.tables import WINDOWS, items, make_tables
from trailbell.authoring import load_config
from trailbell.cli.main import app
from trailbell.cli.shared.aws import Aws
from trailbell.pipeline import Pipeline
from trailbell.sources.interface import SourcedRecord
from trailbell.tables.dynamodb import DynamoDb
from trailbell.tables.windows import DynamoDbStore

NOW = datetime.now(UTC).replace(microsecond=0)
CONFIG = """\
rules:
  - id: new-address
    title: New address
    severity: low
    match: {eventName: [PutRule]}
    first_seen: {by: [source_ip], window: 30d, warm_up: 7d}
  - id: quiet
    title: Nothing in history
    severity: low
    match: {eventName: [DeleteRule]}
    first_seen: {by: [source_ip], window: 30d, warm_up: 7d}
"""


def record(days_ago: float, address: str, name: str = "PutRule", event_id: str = "") -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice", "userName": "alice"},
        "eventTime": (NOW - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "events.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": address,
        "eventID": event_id or f"{name}-{days_ago}-{address}",
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
    }


HISTORY = [record(40, "192.0.2.1"), record(10, "192.0.2.2"), record(9, "192.0.2.3"), record(2, "192.0.2.2")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trailbell.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "history.jsonl").write_text("".join(json.dumps(each) + "\n" for each in HISTORY), encoding="utf-8")
    return tmp_path


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> None:
    make_tables(WINDOWS)
    monkeypatch.setattr(Aws, "stack_outputs", lambda *_: {"WindowsTableName": WINDOWS})


def run(folder: Path, *options: str) -> Result:
    arguments = ["baseline", str(folder / "history.jsonl"), "--config", str(folder / "trailbell.yaml"), *options]
    return CliRunner().invoke(app, [*arguments, "--region", "us-east-2"])


def outcomes(folder: Path, *records: dict[str, Any]) -> list[str]:
    """Judge records as a detector does that starts now."""
    config = load_config(folder / "trailbell.yaml", today=NOW.date()).config
    pipeline = Pipeline.from_config(config, store=DynamoDbStore(WINDOWS, DynamoDb()), clock=lambda: NOW)
    return [pipeline.judge(finding).outcome for each in records for finding in pipeline.find(SourcedRecord.of(each))]


@pytest.mark.usefixtures("stack")
def test_without_a_baseline_a_rule_learns(folder: Path) -> None:
    first, second = record(0, "192.0.2.2", event_id="1"), record(0, "192.0.2.2", event_id="2")
    assert outcomes(folder, first, second) == ["learning", "seen_before"]


@pytest.mark.usefixtures("stack")
def test_what_history_holds_is_seen_and_what_it_does_not_hold_alerts(folder: Path) -> None:
    done = run(folder)
    assert done.exit_code == 0, done.output
    assert "2 keys of 2 rules" in done.stderr
    assert outcomes(folder, record(0, "192.0.2.2"), record(0, "192.0.2.3")) == ["seen_before", "seen_before"]
    # Forty days ago is past the window of thirty.
    assert outcomes(folder, record(0, "192.0.2.1"), record(0, "198.51.100.7")) == ["alerted", "alerted"]


@pytest.mark.usefixtures("stack")
def test_a_rule_that_history_holds_nothing_for_is_warm_all_the_same(folder: Path) -> None:
    run(folder)
    assert outcomes(folder, record(0, "192.0.2.9", "DeleteRule")) == ["alerted"]


@pytest.mark.usefixtures("stack")
def test_a_history_shorter_than_the_warm_up_counts_as_a_part_of_it(folder: Path) -> None:
    run(folder, "--since", "3d")
    assert outcomes(folder, record(0, "198.51.100.7")) == ["learning"]
    taught = items(WINDOWS)
    (since,) = {int(item["began_at"]) for item in taught if item["entry"] == "began"}
    # The history reaches further back, so it is known from where it was asked for.
    assert since / 1000 == pytest.approx((NOW - timedelta(days=3)).timestamp(), abs=3600)


@pytest.mark.usefixtures("stack")
def test_the_events_of_the_history_do_not_alert_when_they_are_delivered_late(folder: Path) -> None:
    run(folder)
    assert outcomes(folder, *HISTORY[1:]) == ["seen_before"] * 3


@pytest.mark.usefixtures("stack")
def test_a_second_run_changes_nothing(folder: Path) -> None:
    run(folder)
    table = boto3.resource("dynamodb").Table(WINDOWS)
    before = {(item["id"], item["entry"]): item.get("last_at") for item in table.scan()["Items"]}
    assert run(folder).exit_code == 0
    assert {(item["id"], item["entry"]): item.get("last_at") for item in table.scan()["Items"]} == before


@pytest.mark.usefixtures("stack")
def test_a_dry_run_tells_as_much_and_writes_nothing(folder: Path) -> None:
    done = run(folder, "--dry-run", "--format", "json")
    assert json.loads(done.stdout) == {"rules": {"new-address": 2, "quiet": 0}}
    assert items(WINDOWS) == []


def test_an_older_deployment_is_told_before_anything_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Aws, "stack_outputs", lambda *_: {})
    (folder / "history.jsonl").unlink()
    done = run(folder)
    assert done.exit_code == 1
    assert "Deploy this version of Trailbell first" in done.stderr


def test_a_config_without_first_seen_has_nothing_to_learn(folder: Path) -> None:
    (folder / "trailbell.yaml").write_text("rules: []\n", encoding="utf-8")
    done = run(folder, "--dry-run")
    assert done.exit_code == 0
    assert "nothing to learn" in done.stderr
