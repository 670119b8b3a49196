"""What `tune` promises is what the next replay shows."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from scripts.traces import read_traces
from tests.shared import needs_records, real_lines
from trailbell import packs
from trailbell.authoring import load
from trailbell.authoring.problems import Problems
from trailbell.authoring.yaml_reader import Document, read_yaml
from trailbell.cli.main import app

ROOT = Path(__file__).resolve().parents[4]
CI = "arn:aws:iam::111122223333:role/ci-deploy"
BASE = """\
rules:
  - {id: changed, title: Changed, severity: low, match: {eventName: [PutRule]},
     dedupe: {by: [account], window: 1h}}
  - {id: grave, title: Grave, severity: critical, match: {eventName: [PutRule]}}
  - {id: rare, title: Rare, severity: low, match: {eventName: [DeleteRule]}}
"""


def record(number: int, who: dict[str, Any], name: str = "PutRule") -> dict[str, Any]:
    time = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=20 * number)
    return {
        "eventVersion": "1.11",
        "userIdentity": who,
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "events.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-sdk-go/1.55",
        "eventID": f"00000000-0000-4000-8000-{number:012}",
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
    }


def ci(run: int) -> dict[str, Any]:
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::111122223333:assumed-role/ci-deploy/build-{run}",
        "accountId": "111122223333",
        "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": CI, "userName": "ci-deploy"}},
    }


ALICE = {
    "type": "IAMUser",
    "arn": "arn:aws:iam::111122223333:user/alice",
    "userName": "alice",
    "accountId": "111122223333",
    "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
}


def tune(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["tune", *arguments, "--format", "json"], catch_exceptions=False)
    assert result.exit_code == 0
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def count_alerts(*arguments: str) -> int:
    result = CliRunner().invoke(app, ["replay", *arguments, "--format", "json"], catch_exceptions=False)
    assert result.exit_code == 0
    return len(result.stdout.splitlines())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE)
    return tmp_path


def write(folder: Path, records: list[dict[str, Any]]) -> None:
    (folder / "records.jsonl").write_text("\n".join(map(json.dumps, records)))


def test_a_role_that_dominates_is_suggested_once_for_all_its_sessions(here: Path) -> None:
    write(here, [record(number, ALICE if number % 10 == 9 else ci(number), "DeleteRule") for number in range(30)])
    (found,) = tune("records.jsonl", "-c", "base.yaml")["suggestions"]
    assert found["suppression"]["match"] == {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": [CI]}}}}
    assert found["suppression"]["rules"] == ["rare"]
    assert (found["removes_alerts"], found["shares"], found["hides"]) == (27, {"rare": 0.9}, {})


def test_what_removes_nothing_is_not_suggested_and_what_is_grave_is_marked(here: Path) -> None:
    write(here, [record(number, ALICE if number % 3 == 2 else ci(number)) for number in range(30)])
    found = tune("records.jsonl", "-c", "base.yaml")
    # Of `changed`, ten alerts of CI would go, and ten of alice's come that were their repeats: nothing is gained.
    assert [each["suppression"]["rules"] for each in found["suggestions"]] == [["grave"], ["grave"]]
    ci_grave, alice_grave = found["suggestions"]
    assert (ci_grave["removes_alerts"], alice_grave["removes_alerts"]) == (20, 10)
    assert ci_grave["actor"] == "role ci-deploy"
    assert ci_grave["hides"] == {"grave": "critical"}
    assert (found["alerts"], found["left_without_risk"], found["left"]) == (40, 40, 10)
    text = CliRunner().invoke(app, ["tune", "records.jsonl", "-c", "base.yaml"]).stdout
    assert yaml.safe_load(text)["suppressions"] == [each["suppression"] for each in found["suggestions"]]
    assert "# WARNING: it hides grave (critical) whenever this actor does it" in text


def test_one_who_does_little_or_has_company_is_not_suggested(here: Path) -> None:
    users = [ALICE | {"arn": f"arn:aws:iam::111122223333:user/u{number}"} for number in range(4)]
    write(here, [record(number, users[number % 4], "DeleteRule") for number in range(40)])
    assert tune("records.jsonl", "-c", "base.yaml")["suggestions"] == []
    write(here, [record(number, ALICE, "DeleteRule") for number in range(2)])
    result = CliRunner().invoke(app, ["tune", "records.jsonl", "-c", "base.yaml"])
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "2 alerts, and nothing to suggest" in result.stderr


def promised(folder: Path, source: str, base: str) -> int:
    """Paste each suggestion alone, then those without risk, then all; compare with what was promised."""
    (folder / "base.yaml").write_text(base)
    shipped = str(packs.FOLDER)
    arguments = (source, "--packs-dir", shipped, "-c")
    found = tune(*arguments, "base.yaml", "--min-alerts", "2", "--limit", "3")
    entries = [each["suppression"] for each in found["suggestions"]]

    def left(pasted: list[Any]) -> int:
        (folder / "tuned.yaml").write_text(base + yaml.safe_dump({"suppressions": pasted}))
        return count_alerts(*arguments, "tuned.yaml")

    assert count_alerts(*arguments, "base.yaml") == found["alerts"]
    for each in found["suggestions"]:
        assert found["alerts"] - left([each["suppression"]]) == each["removes_alerts"] > 0
    assert (
        left([each["suppression"] for each in found["suggestions"] if not each["hides"]]) == found["left_without_risk"]
    )
    assert left(entries) == found["left"] < found["alerts"]
    return len(entries)


@pytest.fixture
def packs_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the files of packs hold: no run changes them, and reading them is most of a run."""
    kept: dict[Path, Document | None] = {}

    def read_once(path: Path, file: str, problems: Problems) -> Document | None:
        if packs.FOLDER not in path.parents:
            return read_yaml(path, file, problems)
        if path not in kept:
            kept[path] = read_yaml(path, file, problems)
        return kept[path]

    monkeypatch.setattr(load, "read_yaml", read_once)


@needs_records
@pytest.mark.usefixtures("packs_read_once")
def test_on_real_records_pasting_gives_what_was_promised(here: Path) -> None:
    (here / "real.jsonl").write_bytes(b"".join(real_lines()))
    assert promised(here, "real.jsonl", "packs: [starter, cis, attack]\n") == 3


@pytest.mark.usefixtures("packs_read_once")
def test_on_traces_pasting_gives_what_was_promised(here: Path) -> None:
    steps = [step for kind in ("attacks", "benign") for trace in read_traces(kind) for step in trace.steps]
    write(here, [dict(step.record) for step in steps])
    assert promised(here, "records.jsonl", "packs: [starter, cis, attack, iam, data]\n") == 3
