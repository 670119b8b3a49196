"""`trailbell show`: the console's page of an event, and the rules that fire on it."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from tests.shared import needs_records, real_records
from tests.unit.cli.event_history import EventHistory
from trailbell import examples
from trailbell.cli.main import app
from trailbell.cli.shared.aws import Aws
from trailbell.cli.shared.inert import inert_json
from trailbell.cli.show import print_event
from trailbell.formats.document import event_document
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.redact import redact

ROOT = Path(__file__).resolve().parents[3]
EVENTS = examples.FOLDER
LAUNCH = EVENTS / "run-instances-iam-user.json"
GOLDEN = Path(__file__).with_name("show-run-instances.txt")


def show(*arguments: str) -> Result:
    config = str(ROOT / "config" / "trailbell.yaml")
    return CliRunner().invoke(app, ["show", "--config", config, *arguments], catch_exceptions=False)


def write(folder: Path, **changes: Any) -> str:
    path = folder / "record.json"
    path.write_text(json.dumps(json.loads(LAUNCH.read_text(encoding="utf-8")) | changes), encoding="utf-8")
    return str(path)


def test_the_launch_is_shown_as_its_golden_file_says() -> None:
    """The golden file was read against the console's page of this event, line by line."""
    text = "\n".join(line.rstrip() for line in show(str(LAUNCH)).stdout.splitlines()) + "\n"
    if os.environ.get("TRAILBELL_WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Event time", "2023-10-08 17:50:24 UTC"),
        ("User name", "kodekloud"),
        ("Event name", "RunInstances"),
        ("Event source", "ec2.amazonaws.com"),
        ("User identity", "IAMUser"),
        ("Identity ARN", "arn:aws:iam::629470242021:user/kodekloud"),
        ("AWS access key", "ASIAZFDZ2ZUTSYABGGX"),
        ("Service", "EC2"),
        ("Source IP address", "70.175.135.47"),
        ("AWS region", "us-east-2"),
        ("Read-only", "false"),
        ("Error code", "-"),
        ("Resources", "7"),
        ("Event ID", "e2f69382-7637-4deb-83ed-e6ee31cac1c4"),
        ("Request ID", "b3116925-dea3-43fd-9b10-19932ce1925"),
        ("Event type", "AwsApiCall"),
        ("Event category", "Management"),
        ("Recipient account", "629470242021"),
        ("Event version", "1.08"),
    ],
)
def test_the_summary_and_the_metadata_say_what_the_console_says(label: str, value: str) -> None:
    lines = [line.strip() for line in show(str(LAUNCH)).stdout.splitlines()]
    assert [line[len(label) :].strip() for line in lines if line.startswith(f"{label}  ")] == [value]


def test_json_is_the_event_document_with_the_rules() -> None:
    document = json.loads(show(str(LAUNCH), "--format", "json").stdout)
    assert document["record"] == json.loads(LAUNCH.read_text(encoding="utf-8"))
    assert document["resource_count"] == 7
    assert document["rules"] == [
        {
            "id": "ec2-instance-launched",
            "title": "EC2 instance launched",
            "severity": "medium",
            "suppression": None,
        }
    ]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda record: {"Records": [record]},
        lambda record: {"source": "aws.ec2", "detail": record},
        lambda record: [record],
        lambda record: {"EventId": "1", "CloudTrailEvent": json.dumps(record)},
    ],
)
def test_a_file_may_wrap_the_record_as_aws_does(wrap: Any, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(wrap(json.loads(LAUNCH.read_text(encoding="utf-8")))), encoding="utf-8")
    assert show(str(path)).stdout == show(str(LAUNCH)).stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("no json", "cannot be read as JSON"),
        ("{}", "holds no CloudTrail records"),
        ('{"Records": [{"eventName": "A"}, {"eventName": "B"}]}', "holds 2"),
    ],
)
def test_a_file_without_one_record_is_wrong_usage(content: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(content, encoding="utf-8")
    result = show(str(path))
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.replace("│", " ").split())


def test_a_missing_file_is_not_taken_for_an_event_id() -> None:
    result = show("missing.json")
    assert result.exit_code == 2
    assert "no file" in result.stderr


def test_an_event_id_is_looked_up_in_every_asked_region(monkeypatch: pytest.MonkeyPatch) -> None:
    record = json.loads(LAUNCH.read_text(encoding="utf-8"))
    recent = record | {"eventTime": "2099-01-01T00:00:00Z"}
    histories = {"eu-west-1": EventHistory([]), "us-east-2": EventHistory([recent])}
    monkeypatch.setattr(Aws, "client", lambda _, __, region: histories[region])
    result = show(record["eventID"], "--regions", "eu-west-1,us-east-2", "--format", "json")
    assert json.loads(result.stdout)["record"] == recent
    wanted = [{"AttributeKey": "EventId", "AttributeValue": record["eventID"]}]
    assert [history.calls[0]["LookupAttributes"] for history in histories.values()] == [wanted, wanted]


def test_an_event_id_is_found_in_files() -> None:
    event_id = json.loads(LAUNCH.read_text(encoding="utf-8"))["eventID"]
    assert show(event_id, "--from", str(EVENTS)).stdout == show(str(LAUNCH)).stdout
    result = show("0000", "--from", str(EVENTS))
    assert result.exit_code == 1
    assert "no event 0000 in" in result.stderr


def test_an_unknown_event_id_says_where_it_was_sought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Aws, "client", lambda _, __, ___: EventHistory([]))
    result = show("0000", "--regions", "eu-west-1,us-east-1")
    assert result.exit_code == 1
    assert "no event 0000 in eu-west-1, us-east-1" in result.stderr


def test_an_event_is_shown_without_a_config(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["show", str(LAUNCH), "--config", str(tmp_path / "none.yaml")])
    assert result.exit_code == 0
    assert "no rules were asked" in result.stderr
    assert "Rules" not in result.stdout


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    path = write(tmp_path, requestParameters={"userName": "bob", "password": "hunter2"})
    assert "hunter2" not in show(path).stdout + show(path, "--format", "json").stdout


def test_a_record_full_of_control_characters_is_inert(tmp_path: Path) -> None:
    path = write(tmp_path, userAgent="\x1b]0;pwned\x07\x9b2J\u202e", errorMessage="[bold]red[/bold]\u2066\x00")
    result = show(path)
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\x00"} & set(result.stdout)
    assert "[bold]red[/bold]" in result.stdout


def test_inert_json_reads_back_to_the_same_value() -> None:
    value = {"é\u202e\x9b\x00": ["\U000e0041", "日本", "\ud800", 1, None]}
    assert json.loads(inert_json(value)) == value
    assert inert_json(value).isprintable()


@needs_records
def test_a_real_record_of_each_service_and_kind_of_caller_is_shown() -> None:
    samples: dict[Any, dict[str, Any]] = {}
    for raw in real_records():
        identity = raw.get("userIdentity")
        kind = identity.get("type") if isinstance(identity, dict) else None
        samples.setdefault((raw.get("eventSource"), kind), raw)
    assert len(samples) > 50
    names = Names()
    for raw in samples.values():
        record = read_record(redact(raw), names)
        page = io.StringIO()
        print_event(record, None, Console(file=page, width=200))
        assert record.event.id in page.getvalue()
        assert event_document(record)["event"]["name"] == raw["eventName"]
