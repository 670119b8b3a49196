"""`trailbell send-test`: what is put on the bus, and how the logs are read."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.unit.cli.trials.cloud import Cloud, run


def send(config: Path, cloud: Cloud, rule: str, *arguments: str) -> Result:
    cloud.rule = rule
    return run(config, "send-test", "--rule", rule, *arguments)


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
