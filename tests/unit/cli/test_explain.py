"""`trailbell explain`: the condition, exception, suppression, window or route that decides."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.unit.cli.fake_aws import HOME, FakeAws
from trailbell import examples
from trailbell.cli.main import app
from trailbell.cli.shared.aws import Aws

ROOT = Path(__file__).resolve().parents[3]
LAUNCH: dict[str, Any] = json.loads((examples.FOLDER / "run-instances-iam-user.json").read_text(encoding="utf-8"))
CONFIG = """\
rules:
  - id: launched
    title: Instance launched
    severity: medium
    match: {eventSource: [ec2.amazonaws.com], eventName: [RunInstances], errorCode: [{exists: false}]}
    except: [{userIdentity: {userName: [robot]}}, {userIdentity: {userName: [deployer]}}]
    dedupe: {by: [principal, region], window: 15m}
    threshold: {count: 3, by: [source_ip], window: 1h}
    routes: [slack]
  - id: login
    title: Login
    severity: low
    match: {eventName: [ConsoleLogin]}
    first_seen: {by: [region, network], window: 30d}
  - {id: "off", title: Off, severity: low, match: {eventName: [RunInstances]}, enabled: false}
  - {id: any-root, title: Root, severity: high, match: {userIdentity: {type: [Root]}}}
  - {id: password, title: P, severity: low, match: {requestParameters: {password: [{exists: true}]}}}
suppressions:
  - {id: scan, match: {userAgent: [scanner]}, reason: our own scanner, expires: 2999-12-31}
deployment: {home_region: us-east-2}
"""


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAILBELL_CONFIG", raising=False)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "trailbell.yaml").write_text(CONFIG)


def explain(record: dict[str, Any], *arguments: str) -> Result:
    Path("record.json").write_text(json.dumps(record))
    return CliRunner().invoke(app, ["explain", "record.json", *arguments], catch_exceptions=False)


def answer(record: dict[str, Any], *arguments: str) -> Any:
    result = explain(record, "--format", "json", *arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def reason(record: dict[str, Any], rule: str) -> dict[str, Any]:
    (found,) = answer(record, "--rule", rule)["rules"]
    assert found["rule"] == rule
    return dict(found)


def by(name: str) -> dict[str, Any]:
    return LAUNCH | {"userIdentity": LAUNCH["userIdentity"] | {"userName": name}}


def test_a_rule_that_fires_tells_conditions_windows_and_destinations() -> None:
    found = reason(LAUNCH, "launched")
    assert found["outcome"] == "fires"
    assert {condition["path"]: condition["values"] for condition in found["conditions"]} == {
        "eventSource": ["ec2.amazonaws.com"],
        "eventName": ["RunInstances"],
        "errorCode": [],
    }
    assert {window["kind"]: window["key"] for window in found["windows"]} == {
        "threshold": {"source_ip": "70.175.135.47"},
        "dedupe": {"principal": "arn:aws:iam::629470242021:user/kodekloud", "region": "us-east-2"},
    }
    assert found["destinations"] == ["slack"]


@pytest.mark.parametrize(
    ("record", "rule", "outcome", "decided_by"),
    [
        (LAUNCH | {"errorCode": "AccessDenied"}, "launched", "missed", ("errorCode", ["AccessDenied"])),
        (by("robot"), "launched", "excused", ("userIdentity.userName", ["robot"])),
        (LAUNCH, "login", "elsewhere", ("eventName", ["RunInstances"])),
        (LAUNCH, "any-root", "elsewhere", ("userIdentity.type", ["IAMUser"])),
    ],
)
def test_a_rule_that_is_silent_tells_the_condition_that_decided(
    record: dict[str, Any], rule: str, outcome: str, decided_by: tuple[str, list[str]]
) -> None:
    found = reason(record, rule)
    assert found["outcome"] == outcome
    assert [(each["path"], each["values"]) for each in found["conditions"]] == [decided_by]
    assert (found["windows"], found["destinations"]) == ([], [])


def test_a_rule_on_what_is_new_tells_what_must_be_new() -> None:
    (window,) = reason(LAUNCH | {"eventName": "ConsoleLogin"}, "login")["windows"]
    assert (window["kind"], window["key"]) == ("first_seen", {"region": "us-east-2", "network": "70.175.135.47"})


def test_the_exception_that_holds_is_counted_from_one_in_words() -> None:
    assert "exception 2 of 2 holds:" in explain(by("deployer")).stdout


def test_a_suppression_is_told_with_its_reason_and_end() -> None:
    record = LAUNCH | {"userAgent": "scanner"}
    assert reason(record, "launched")["suppression"] == "scan"
    assert "suppression scan holds: our own scanner, until 2999-12-31" in explain(record).stdout


def test_rules_about_other_events_are_left_out_unless_asked_for() -> None:
    assert [each["rule"] for each in answer(LAUNCH)["rules"]] == ["launched"]
    assert {each["rule"] for each in answer(LAUNCH, "--all")["rules"]} == {"launched", "login", "any-root", "password"}


def test_a_rule_that_is_off_is_told_so() -> None:
    assert "The rule off is off" in answer(LAUNCH, "--rule", "off")["notes"][0]


def test_an_unknown_rule_is_refused() -> None:
    result = explain(LAUNCH, "--rule", "lunched")
    assert result.exit_code == 1
    assert "launched" in result.stderr


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"awsRegion": "eu-west-1"}, "Events of eu-west-1 do not reach Trailbell: it watches us-east-1, us-east-2"),
        ({"eventCategory": "Data"}, "data event"),
        ({"eventType": "AwsCloudTrailInsight"}, "Insights"),
    ],
)
def test_what_keeps_an_event_away_is_told(changes: dict[str, str], says: str) -> None:
    assert [says in note for note in answer(LAUNCH | changes)["notes"]] == [True]


def test_an_event_of_a_watched_region_has_no_obstacle() -> None:
    assert answer(LAUNCH | {"awsRegion": "us-east-1"})["notes"] == []


def test_a_condition_on_a_secret_is_decided_and_not_shown() -> None:
    record = LAUNCH | {"requestParameters": {"password": "hunter2"}}
    result = explain(record, "--all")
    assert reason(record, "password")["outcome"] == "fires"
    assert "hunter2" not in result.stdout


def test_the_summary_counts_each_outcome() -> None:
    assert explain(LAUNCH).stderr.strip() == (
        "1 rule fires; 0 suppressed, 0 excused, 0 about this event did not match, 3 are about others."
    )


@pytest.mark.parametrize(
    ("lines", "notes"),
    [
        (
            [{"alert_id": f"{LAUNCH['eventID']}/launched", "rule": "launched", "message": "Alert published"}],
            ["The detector, at 2023-10-08 17:50:30 UTC: launched alerted."],
        ),
        (
            [{"finding_id": f"{LAUNCH['eventID']}/launched", "rule": "launched", "outcome": "deduplicated"}],
            ["The detector, at 2023-10-08 17:50:30 UTC: launched deduplicated."],
        ),
        (
            [{"finding_id": f"{LAUNCH['eventID']}/launched", "rule": "launched", "message": "Finding not settled"}],
            ["The detector, at 2023-10-08 17:50:30 UTC: launched failed."],
        ),
        (
            [{"alert_id": "another/launched", "rule": "launched"}],
            ["The detector's log says nothing of this event: it never came, or no rule that is live matched."],
        ),
    ],
)
def test_what_the_deployed_detector_made_of_it_is_read_from_its_log(
    lines: list[dict[str, str]], notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = [{"timestamp": 1696787430000, "message": json.dumps(line)} for line in lines]
    stack = {"Outputs": [{"OutputKey": "DetectorLogGroup", "OutputValue": "detector"}]}
    aws = FakeAws(
        {
            ("cloudformation", HOME): {"describe_stacks": {"Stacks": [stack]}},
            ("logs", HOME): {"filter_log_events": {"events": logged}},
        }
    )
    monkeypatch.setattr(Aws, "client", lambda _, service, region=None: aws.client(service, region))
    assert answer(LAUNCH, "--deployed")["notes"] == notes
