"""What a scenario is made of: another release, a template that lacks a grant, a stream, and what must not be."""

import json
from pathlib import Path
from typing import Any

import pytest

from localaws.assembly import next_release, spare_waits, take_away_grant
from localaws.ministack import PROJECT_ROOT
from localaws.scenario.outcome import Outcome

ACTION = "appconfig:ListDeployments"
APPLICATION, ENVIRONMENT = "arn:application/a", "arn:application/a/environment/e"
BUCKET = ("", "bucket", "trailbell-trailbucket6c1e344e-5aaa919b51d55")


def outcome(**different: Any) -> Outcome:
    nothing: dict[str, Any] = {
        "sent": 1, "missed": [], "twice": [], "per_second": 5.0, "refused": [], "taken": {"/teams": 6}, "wanted": 6,
        "dead": {"Filter": 0}, "left": [BUCKET], "unused": [],
    }  # fmt: skip
    return Outcome(**nothing | different)


def test_an_outcome_without_a_fault_leaves_the_audit_log_alone() -> None:
    assert list(outcome().faults()) == []


@pytest.mark.parametrize(
    ("different", "fault"),
    [
        ({"missed": ["e1"]}, "missed: the alert of e1"),
        ({"twice": ["e1"]}, "twice: the alert of e1"),
        ({"refused": [{"action": ACTION, "resource": APPLICATION, "reason": "r"}]}, f"refused: {ACTION} on"),
        ({"taken": {"/teams": 5}}, "/teams took 5 of 6 alerts"),
        ({"dead": {"Filter": 2}}, "dead letters: 2 in Filter"),
        ({"left": [BUCKET, ("us-east-1", "queue", "q")]}, "left behind: us-east-1 queue q"),
    ],
)
def test_a_fault_is_told(different: dict[str, Any], fault: str) -> None:
    (told,) = outcome(**different).faults()
    assert told.startswith(fault)


def test_the_next_release_says_something_else_of_its_slots_and_nothing_else(tmp_path: Path) -> None:
    checkout = next_release(tmp_path / "checkout")
    text = (checkout / "infra" / "parts" / "filters.py").read_text(encoding="utf-8")
    ours = (PROJECT_ROOT / "infra" / "parts" / "filters.py").read_text(encoding="utf-8")
    assert text != ours
    assert text.replace("Trailbell (next release), ", "Trailbell, ") == ours
    assert (checkout / "app.py").read_bytes() == (PROJECT_ROOT / "app.py").read_bytes()


def write_template(folder: Path) -> Path:
    statement = {"Effect": "Allow", "Action": ACTION, "Resource": [APPLICATION, ENVIRONMENT]}
    resources = {
        "Policy": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [statement]}}},
        "Detector": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Handler": "trailbell.functions.detector.handler.handler",
                "Environment": {"Variables": {"KEPT": "1"}},
            },
        },
    }
    path = folder / "Trailbell.template.json"
    path.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    return path


def test_a_grant_is_taken_away_but_for_what_is_named(tmp_path: Path) -> None:
    path = write_template(tmp_path)
    take_away_grant(tmp_path, ACTION, but="/environment/")
    policy = json.loads(path.read_text(encoding="utf-8"))["Resources"]["Policy"]["Properties"]["PolicyDocument"]
    assert policy["Statement"][0]["Resource"] == [ENVIRONMENT]


def test_a_grant_that_is_not_there_cannot_be_taken_away(tmp_path: Path) -> None:
    write_template(tmp_path)
    with pytest.raises(ValueError, match="sqs:SendMessage"):
        take_away_grant(tmp_path, "sqs:SendMessage", but="/environment/")


def test_a_function_that_waits_for_aws_is_told_not_to(tmp_path: Path) -> None:
    path = write_template(tmp_path)
    spare_waits(tmp_path)
    detector = json.loads(path.read_text(encoding="utf-8"))["Resources"]["Detector"]["Properties"]
    assert detector["Environment"]["Variables"] == {"KEPT": "1", "TRAILBELL_CONFIG_MAX_AGE_SECONDS": "1"}
