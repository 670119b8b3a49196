"""`trailbell history`: the console's columns and filters."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.shared import RECORDS_FILE, needs_records, real_records
from tests.unit.cli.event_history import EventHistory, refusal
from trailbell import examples
from trailbell.cli.main import app
from trailbell.cli.shared.aws import Aws
from trailbell.sources.lookup_events import Pace
from trailbell.sources.reading import Source, Wanted

EVENTS = examples.FOLDER
LAUNCH = json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8"))
KEY = json.loads((EVENTS / "create-access-key-iam-user.json").read_text(encoding="utf-8"))
READ = json.loads((EVENTS / "describe-instances-iam-user.json").read_text(encoding="utf-8"))
ROOT_LOGIN = json.loads((EVENTS / "console-login-root.json").read_text(encoding="utf-8"))
SSO = json.loads((EVENTS / "put-bucket-policy-sso.json").read_text(encoding="utf-8"))


class Cloud:
    """An account's regions."""

    def __init__(self) -> None:
        self.histories: dict[str, EventHistory] = {}

    def put(self, region: str, *records: dict[str, Any], refusals: list[Any] | None = None) -> None:
        self.histories[region] = EventHistory(records, refusals=refusals or [])

    def client(self, service: str, region: str) -> Any:
        assert service == "cloudtrail"
        return self.histories.setdefault(region, EventHistory([]))


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    made = Cloud()
    monkeypatch.setenv("AWS_REGION", "us-east-2")
    monkeypatch.setattr(Aws, "client", lambda _, service, region=None: made.client(service, region or "us-east-2"))
    monkeypatch.setattr(Pace, "wait", lambda _: None)
    return made


def history(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["history", "--since", "2020-01-01", *arguments], catch_exceptions=False)


def ids(result: Result) -> list[str]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line)["event"]["id"] for line in result.stdout.splitlines()]


def test_the_table_has_the_consoles_columns(cloud: Cloud) -> None:
    cloud.put("us-east-2", LAUNCH)
    heading, row = history().stdout.splitlines()
    assert heading.split("  ")[0] == "Event time (UTC)"
    assert row.split("  ")[:4] == ["2023-10-08 17:50:24", "RunInstances", "kodekloud", "ec2.amazonaws.com"]
    assert "AWS::EC2::Instance i-0123456789abcdef0" in row
    assert row.rstrip().endswith("e2f69382-7637-4deb-83ed-e6ee31cac1c4")


def test_the_home_region_and_that_of_iam_are_asked(cloud: Cloud) -> None:
    cloud.put("us-east-2", LAUNCH)
    cloud.put("us-east-1", KEY)
    newest_first = sorted([LAUNCH, KEY], key=lambda record: str(record["eventTime"]), reverse=True)
    assert ids(history("--format", "json")) == [record["eventID"] for record in newest_first]
    assert set(cloud.histories) == {"us-east-2", "us-east-1"}


def test_only_the_named_regions_are_asked(cloud: Cloud) -> None:
    history("--regions", "eu-west-1, eu-central-1")
    assert set(cloud.histories) == {"eu-west-1", "eu-central-1"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--event-name", "RunInstances"], [LAUNCH]),
        (["--user-name", "kodekloud"], [LAUNCH, READ]),
        (["--event-source", "ec2.amazonaws.com"], [LAUNCH, READ]),
        (["--event-source", "ec2.amazonaws.com", "--write"], [LAUNCH]),
        (["--event-source", "ec2.amazonaws.com", "--read-only"], [READ]),
        (["--access-key", "ASIAZFDZ2ZUTSYABGGX", "--event-name", "RunInstances"], [LAUNCH]),
        (["--access-key", "ASIAZFDZ2ZUTSYABGGX", "--event-name", "StopInstances"], []),
        (["--event-id", LAUNCH["eventID"], "--resource-name", "i-0123456789abcdef0"], [LAUNCH]),
        (["--event-id", LAUNCH["eventID"], "--resource-type", "AWS::EC2::VPC"], [LAUNCH]),
        (["--event-id", LAUNCH["eventID"], "--resource-type", "AWS::S3::Bucket"], []),
        (["--event-id", ROOT_LOGIN["eventID"], "--user-name", "root"], [ROOT_LOGIN]),
        (["--event-id", SSO["eventID"], "--user-name", "alice@example.com"], [SSO]),
    ],
)
def test_the_consoles_filters_can_be_combined(
    cloud: Cloud, arguments: list[str], expected: list[dict[str, Any]]
) -> None:
    cloud.put("us-east-2", LAUNCH, KEY, READ, ROOT_LOGIN, SSO)
    found = ids(history("--regions", "us-east-2", "--format", "json", *arguments))
    assert sorted(found) == sorted(record["eventID"] for record in expected)


def test_no_more_than_the_limit_is_shown_and_said(cloud: Cloud) -> None:
    cloud.put("us-east-2", *[LAUNCH | {"eventID": str(number)} for number in range(70)])
    result = history("--limit", "60", "--format", "json")
    assert len(ids(result)) == 60
    assert "there may be more" in result.stderr
    assert len(ids(history("--limit", "0", "--format", "json"))) == 70


def test_secrets_are_not_shown(cloud: Cloud) -> None:
    login = {"requestParameters": {"userName": "bob", "password": "hunter2"}, "eventName": "CreateLoginProfile"}
    cloud.put("us-east-2", KEY | login)
    result = history("--format", "json")
    assert "hunter2" not in result.stdout
    assert json.loads(result.stdout)["request_parameters"]["userName"] == "bob"


def test_what_a_caller_wrote_cannot_move_the_cursor(cloud: Cloud) -> None:
    cloud.put("us-east-2", LAUNCH | {"userIdentity": {"type": "IAMUser", "userName": "\x1b[2Jbob\u202e"}})
    assert "\x1b" not in history().stdout
    assert "\u202e" not in history().stdout


def test_an_empty_history_says_where_to_look(cloud: Cloud) -> None:
    assert "90 days" in history().stderr
    assert set(cloud.histories) == {"us-east-2", "us-east-1"}


def test_a_refusal_is_told_with_exit_code_3(cloud: Cloud) -> None:
    cloud.put("us-east-2", refusals=[refusal("AccessDeniedException", "not authorized: cloudtrail:LookupEvents")])
    result = history()
    assert result.exit_code == 3
    assert "cloudtrail:LookupEvents" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since", "yesterday"], "yesterday is no time"),
        (["--since", "1h", "--until", "2h"], "not after"),
        (["--limit", "-1"], "--limit"),
    ],
)
def test_wrong_usage_ends_with_exit_code_2(arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["history", *arguments], catch_exceptions=False)
    assert result.exit_code == 2
    assert says in result.stderr


def from_files(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["history", "--from", *arguments, "--format", "json"], catch_exceptions=False)


def test_a_folder_is_shown_newest_first_without_aws() -> None:
    result = from_files(str(EVENTS), "--limit", "0")
    times = [json.loads(line)["event"]["time"] for line in result.stdout.splitlines()]
    assert len(times) == len(list(EVENTS.glob("*.json")))
    assert times == sorted(times, reverse=True)


def test_the_limit_keeps_the_newest() -> None:
    everything = ids(from_files(str(EVENTS), "--limit", "0"))
    assert ids(from_files(str(EVENTS), "--limit", "4")) == everything[:4]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--user-name", "kodekloud"], [LAUNCH, READ]),
        (["--user-name", "kodekloud", "--write"], [LAUNCH]),
        (["--resource-name", "i-0123456789abcdef0", "--resource-type", "AWS::EC2::Instance"], [LAUNCH]),
        (["--since", "2023-10-08", "--until", "2023-10-09", "--regions", "us-east-2"], [LAUNCH]),
        (["--since", "2023-10-08", "--until", "2023-10-09", "--regions", "eu-west-1"], []),
        (["--event-id", "nothing"], []),
    ],
)
def test_every_filter_is_applied_to_files(arguments: list[str], expected: list[dict[str, Any]], tmp_path: Path) -> None:
    records = [LAUNCH, KEY, READ | {"eventTime": "2026-11-02T00:00:00Z"}, ROOT_LOGIN, SSO]
    log = tmp_path / "log.json"
    log.write_text(json.dumps({"Records": records}), encoding="utf-8")
    found = ids(from_files(str(log), *arguments))
    assert sorted(found) == sorted(record["eventID"] for record in expected)


def test_a_missing_source_is_told() -> None:
    result = from_files("nowhere.json")
    assert result.exit_code == 1
    assert "nowhere.json" in result.stderr


def test_a_trails_bucket_is_read_for_a_day_if_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def open_source(spec: str, wanted: Wanted, _: Aws) -> Source:
        asked.append((spec, wanted.since))
        return Source(name=spec, parts=(), count=0, size_bytes=0)

    monkeypatch.setattr("trailbell.cli.history.open_source", open_source)
    result = from_files("s3://audit-trail")
    ((spec, since),) = asked
    assert (result.exit_code, spec) == (0, "s3://audit-trail")
    assert since is not None
    assert timedelta(hours=23) < datetime.now(UTC) - since < timedelta(hours=25)


@pytest.mark.parametrize("output", ["text", "json"])
def test_progress_on_a_terminal_takes_nothing_from_stdout(output: str, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "trailbell", "history", "--from", str(EVENTS), "--format", output]
    environment = {**os.environ, "TERM": "xterm"}
    terminal, its_end = pty.openpty()
    result = tmp_path / "result"
    with result.open("wb") as file:
        subprocess.run(arguments, check=True, stdout=file, stderr=its_end, env=environment, timeout=60)
    told = os.read(terminal, 65536)
    os.close(terminal)
    os.close(its_end)
    assert b"events read" in told
    assert b"RunInstances" not in told
    assert b"RunInstances" in result.read_bytes()


@needs_records
def test_the_history_of_real_records_has_those_of_one_event_name() -> None:
    records = list(real_records())
    for name in ("ConsoleLogin", "AssumeRole", "RunInstances"):
        expected = [record.get("eventID", "") for record in records if record.get("eventName") == name]
        assert (
            sorted(ids(from_files(str(RECORDS_FILE), "--event-name", name, "--limit", "0"))) == sorted(expected) != []
        )
