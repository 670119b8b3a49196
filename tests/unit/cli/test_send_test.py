"""`trailbell send-test` and `drill`: what is put on the bus or called, and how the logs are read."""

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from cli import journal
from cli.aws import Aws
from cli.drill import DRILLS, call
from cli.loading import load_quietly
from cli.main import app
from cli.trials import MOST_RECORDS, choose_trial, make_trial
from tests.unit.cli.fake_aws import HOME, FakeAws, refused
from trailbell.authoring import LoadedConfig
from trailbell.memory_store import MemoryStore
from trailbell.pipeline import Pipeline

ROOT = Path(__file__).resolve().parents[3]
EVENTS = ROOT / "tests" / "events"
OUTPUTS = {"DetectorLogGroup": "detector", "SlackNotifierLogGroup": "slack-notifier", "AlertsTopicArn": "arn:alerts"}
CONFIG = """\
packs: [starter]
destinations: {slack: {enabled: true}, email: [soc@example.com]}
deployment: {home_region: us-east-2}
suppressions:
  - {match: {eventSource: [cloudtrail.amazonaws.com]}, reason: a test, rules: [cloudtrail-stop-attempted]}
disable: [root-used]
"""


class Cloud:
    """A deployment: the bus takes test events, the functions log what they are told to."""

    def __init__(self) -> None:
        self.put: list[dict[str, Any]] = []
        self.detector: Any = lambda record: {
            "alert_id": f"{record['eventID']}/{record['rule']}",
            "rule": record["rule"],
        }
        self.delivers = True
        self.rule = ""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        stack = {"Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()]}
        self.aws = FakeAws(
            {
                ("cloudformation", HOME): {"describe_stacks": {"Stacks": [stack]}},
                ("events", HOME): {"put_events": self._put_events},
                ("logs", HOME): {"filter_log_events": self._filter_log_events},
                ("cloudtrail", HOME): {"stop_logging": refused("TrailNotFoundException", "StopLogging")},
            }
        )

    def _put_events(self, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - boto3's name
        assert len(Entries) <= 10
        self.put += Entries
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in Entries]}

    def _filter_log_events(self, logGroupName: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - boto3's name
        now = round(time.time() * 1000)
        said = [self.detector(json.loads(entry["Detail"]) | {"rule": self.rule}) for entry in self.put]
        if logGroupName == "slack-notifier":
            alerts = [line["alert_id"] for line in said if line and "alert_id" in line]
            delivered = {"message": "Alert delivered", "destination": "slack"}
            said = [delivered | {"alert_id": each} for each in alerts] if self.delivers else []
        lines = "".join(json.dumps(line) + "\n" for line in said if line)
        return {"events": [{"timestamp": now, "message": f"START RequestId\n{lines}"}]}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "trailbell.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    made = Cloud()
    monkeypatch.setenv("AWS_REGION", HOME)
    monkeypatch.setattr(Aws, "client", lambda _, service, region=None: made.aws.client(service, region))
    monkeypatch.setattr(journal, "POLL_SECONDS", 0.01)
    return made


def loaded(config: Path) -> LoadedConfig:
    return load_quietly(config, ROOT / "config" / "packs")


def run(config: Path, command: str, *arguments: str) -> Result:
    packs = ["--config", str(config), "--packs-dir", str(ROOT / "config" / "packs")]
    return CliRunner().invoke(app, [command, *packs, "--timeout", "1", *arguments], catch_exceptions=False)


def send(config: Path, cloud: Cloud, rule: str, *arguments: str) -> Result:
    cloud.rule = rule
    return run(config, "send-test", "--rule", rule, *arguments)


def test_every_rule_of_the_starter_pack_can_be_tried(config: Path) -> None:
    """A trial's records make the pipeline alert; windows of an earlier trial by somebody else do not stop it."""
    known = loaded(config)
    tried = set()
    for entry in known.entries:
        if trial := make_trial(known, entry, EVENTS):
            pipeline = Pipeline.from_config(known.config, store=MemoryStore(), clock=lambda: datetime.now(UTC))
            alerts = [
                alert.id
                for put in trial.entries()
                for alert in pipeline.run(
                    {"source": put["Source"], "detail-type": put["DetailType"], "detail": json.loads(put["Detail"])}
                )
            ]
            assert trial.alert_ids & set(alerts), entry.rule.id
            tried.add(entry.rule.id)
    assert {rule.id for rule in known.config.rules} - tried == {
        "cloudtrail-stop-attempted",  # suppressed
        "ec2-instance-launched-unexpected-region",  # without expected_regions it never alerts
    }


def test_two_trials_are_by_two_people_and_share_no_event(config: Path) -> None:
    known = loaded(config)
    (entry,) = [each for each in known.entries if each.rule.id == "ec2-instance-launched"]
    first, second = (make_trial(known, entry, EVENTS) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.alert_ids.isdisjoint(second.alert_ids)
    arns = {trial.records[0]["userIdentity"]["arn"] for trial in (first, second)}
    assert len(arns) == 2


def test_a_threshold_gets_as_many_events_as_it_counts(config: Path) -> None:
    known = loaded(config)
    (entry,) = [each for each in known.entries if each.rule.id == "console-sign-in-failed"]
    trial = make_trial(known, entry, EVENTS)
    assert trial is not None
    assert entry.rule.threshold is not None
    assert len(trial.records) == entry.rule.threshold.count <= MOST_RECORDS


def test_the_rule_that_is_chosen_is_mild_and_tells_everybody(config: Path) -> None:
    trial = choose_trial(loaded(config), EVENTS)
    assert trial is not None
    assert set(trial.destinations) == {"email", "slack", "sns"}
    assert trial.rule.severity in {"info", "low", "medium"}
    assert trial.rule.id != "cloudtrail-stop-attempted", "a suppressed rule must not be chosen"


def test_each_destination_is_told_with_its_time(config: Path, cloud: Cloud) -> None:
    result = send(config, cloud, "ec2-instance-launched", "--format", "json")
    assert result.exit_code == 0, result.stderr
    steps = json.loads(result.stdout)["steps"]
    assert [(step["step"], step["arrived"]) for step in steps] == [
        ("detector", True),
        ("email", True),
        ("slack", True),
        ("sns", True),
    ]
    assert all(0 <= step["seconds"] < 5 for step in steps)
    (entry,) = cloud.put
    assert (entry["Source"], entry["DetailType"]) == ("trailbell.test", "AWS API Call via CloudTrail")


def test_a_destination_that_is_not_reached_fails(config: Path, cloud: Cloud) -> None:
    cloud.delivers = False
    result = send(config, cloud, "ec2-instance-launched")
    assert result.exit_code == 1
    assert "slack" in result.stdout
    assert "not delivered in time" in result.stdout


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (lambda _: None, "nothing heard within 1 s"),
        (
            lambda record: {"finding_id": f"{record['eventID']}/{record['rule']}", "outcome": "deduplicated"},
            "held back (deduplicated)",
        ),
    ],
)
def test_an_alert_that_is_not_made_fails_and_says_why(config: Path, cloud: Cloud, line: Any, says: str) -> None:
    cloud.detector = line
    result = send(config, cloud, "ec2-instance-launched")
    assert result.exit_code == 1
    assert says in result.stdout


@pytest.mark.parametrize("rule", ["root-used", "cloudtrail-stop-attempted"])
def test_a_rule_that_is_off_or_suppressed_cannot_be_tried(config: Path, cloud: Cloud, rule: str) -> None:
    result = send(config, cloud, rule)
    assert result.exit_code == 1
    assert "off, suppressed" in result.stderr
    assert cloud.put == []


def test_a_refused_test_event_is_told(config: Path, cloud: Cloud) -> None:
    refusal = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}]}
    cloud.aws.client("events")._answers["put_events"] = refusal
    result = send(config, cloud, "ec2-instance-launched")
    assert result.exit_code == 1
    assert "ThrottlingException: slow down" in result.stderr


def test_the_drills_are_listed_without_aws(config: Path) -> None:
    listed = json.loads(run(config, "drill", "--format", "json").stdout)
    assert {each["rule"] for each in listed} == set(DRILLS)
    assert all(each["harmless"] for each in listed)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        *[("cloudtrail-stop-attempted", code) for code in sorted(DRILLS["cloudtrail-stop-attempted"].answers)],
        *[("ec2-instance-launched-large", code) for code in sorted(DRILLS["ec2-instance-launched-large"].answers)],
        ("discovery-authorization-details", None),
    ],
)
def test_the_record_of_a_drills_call_makes_its_rule_match(rule: str, code: str | None) -> None:
    """As CloudTrail would write it; a denied read alerts by another rule, where one is on."""
    packs = ROOT / "config" / "packs"
    files = [path for path in packs.glob("*/*.yaml") if f"id: {rule}\n" in path.read_text(encoding="utf-8")]
    (entry,) = [entry for file in files for entry in load_quietly(file, packs).entries if entry.rule.id == rule]
    record = {
        "eventSource": f"{DRILLS[rule].service}.amazonaws.com",
        "eventName": DRILLS[rule].operation,
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"},
        "requestParameters": {name[0].lower() + name[1:]: value for name, value in DRILLS[rule].arguments().items()},
    }
    assert entry.rule.match.matches(record | ({"errorCode": code} if code else {}))


@pytest.mark.parametrize(
    ("rule", "argument", "why"),
    [
        ("cloudtrail-stop-attempted", "Name", "a name by chance, as long as no trail's"),
        ("ec2-instance-launched-large", "DryRun", "a dry run"),
        ("discovery-authorization-details", "MaxItems", "a read"),
    ],
)
def test_a_drills_call_changes_nothing(rule: str, argument: str, why: str) -> None:
    first, second = DRILLS[rule].arguments(), DRILLS[rule].arguments()
    if why == "a dry run":
        assert first[argument] is True
    elif why == "a read":
        assert DRILLS[rule].operation.startswith(("Get", "List", "Describe"))
    else:
        assert re.fullmatch(r"trailbell-drill-[0-9a-f]{32}", first[argument])
        assert first[argument] != second[argument]


def test_every_drill_was_argued_above() -> None:
    assert set(DRILLS) == {
        "cloudtrail-stop-attempted",
        "ec2-instance-launched-large",
        "discovery-authorization-details",
    }


def test_a_drill_tells_after_how_many_seconds_it_alerted(config: Path, cloud: Cloud) -> None:
    config.write_text("packs: [starter]\ndeployment: {home_region: us-east-2}\n", encoding="utf-8")
    cloud.rule = "cloudtrail-stop-attempted"
    cloud.put = [{"Detail": '{"eventID": "1"}'}]
    result = run(config, "drill", cloud.rule)
    assert result.exit_code == 0, result.stderr
    assert "cloudtrail-stop-attempted alerted after" in result.stdout
    assert "AWS answered TrailNotFoundException" in result.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (None, "did not alert"),
        ({"rule": "cloudtrail-stop-attempted", "finding_id": "1", "outcome": "deduplicated"}, "deduplicated"),
        ({"rule": "another", "alert_id": "1"}, "did not alert"),
    ],
)
def test_a_drill_that_does_not_alert_fails(config: Path, cloud: Cloud, line: Any, says: str) -> None:
    config.write_text("packs: [starter]\n", encoding="utf-8")
    cloud.put = [{"Detail": '{"eventID": "1"}'}]
    cloud.detector = lambda _: line
    result = run(config, "drill", "cloudtrail-stop-attempted")
    assert result.exit_code == 1
    assert says in result.stdout


@pytest.mark.parametrize(("rule", "says"), [("root-signed-in", "no drill"), ("discovery-authorization-details", "on")])
def test_a_rule_without_a_drill_or_that_is_off_is_refused(config: Path, rule: str, says: str) -> None:
    result = run(config, "drill", rule)
    assert result.exit_code == 1
    assert says in result.stderr


def test_an_answer_that_a_drill_is_not_made_for_is_an_error() -> None:
    aws = FakeAws({("cloudtrail", HOME): {"stop_logging": refused("ExpiredToken", "StopLogging")}})
    with pytest.raises(ClientError, match="ExpiredToken"):
        call(aws, DRILLS["cloudtrail-stop-attempted"])
