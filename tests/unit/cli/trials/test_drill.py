"""`trailbell drill`: calls that change nothing, and how their alerts are waited for."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.cli.fake_aws import HOME, FakeAws, refused
from tests.unit.cli.trials.cloud import Cloud, run
from trailbell import packs
from trailbell.cli.drill import DRILLS, call
from trailbell.cli.shared.loading import load_quietly


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
    files = [path for path in packs.FOLDER.glob("*/*.yaml") if f"id: {rule}\n" in path.read_text(encoding="utf-8")]
    (entry,) = [entry for file in files for entry in load_quietly(file, packs.FOLDER).entries if entry.rule.id == rule]
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
