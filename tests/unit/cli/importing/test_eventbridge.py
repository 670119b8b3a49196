"""EventBridge event patterns: `detail` is kept, the envelope becomes fields of the record."""

import json
from typing import Any

import pytest

from trailbell.cli.importing.emit import finish
from trailbell.cli.importing.eventbridge import import_eventbridge
from trailbell.cli.importing.result import Imported

API_CALL = "AWS API Call via CloudTrail"
DETAIL = {"eventName": ["RunInstances", {"prefix": "Terminate"}]}


def read(value: Any, file: str = "pattern.json") -> Imported:
    return import_eventbridge([(file, value if isinstance(value, str) else json.dumps(value))])


def match_of(imported: Imported) -> dict[str, Any]:
    (draft,) = imported.drafts
    return dict(draft.document["match"])


def test_a_pattern_becomes_a_rule_that_our_loader_takes() -> None:
    imported = read({"source": ["aws.ec2"], "detail-type": [API_CALL], "detail": DETAIL})
    assert match_of(imported) == {"eventSource": ["ec2.amazonaws.com"], "eventType": ["AwsApiCall"], **DETAIL}
    finish(imported)
    assert imported.losses == []
    assert {test["alerts"] for test in imported.drafts[0].document["tests"]} == {True, False}


def test_what_detail_says_goes_before_what_the_envelope_says() -> None:
    detail = {"eventSource": ["signin.amazonaws.com"], "eventName": ["ConsoleLogin"]}
    assert match_of(read({"source": ["aws.signin"], "detail": detail})) == detail


@pytest.mark.parametrize(
    ("envelope", "added"),
    [
        ({"account": ["111122223333"]}, {"recipientAccountId": ["111122223333"]}),
        ({"region": [{"prefix": "eu-"}]}, {"awsRegion": [{"prefix": "eu-"}]}),
        ({"source": [{"prefix": "aws."}]}, {}),
        ({"detail-type": [{"suffix": "via CloudTrail"}]}, {}),
        ({"detail-type": ["AWS Console Sign In via CloudTrail"]}, {"eventType": ["AwsConsoleSignIn"]}),
    ],
)
def test_the_envelope_becomes_fields_of_the_record(envelope: dict[str, Any], added: dict[str, Any]) -> None:
    imported = read({**envelope, "detail": DETAIL})
    assert match_of(imported) == {**added, **DETAIL}
    assert imported.losses == []


@pytest.mark.parametrize(
    ("envelope", "what", "effect"),
    [
        ({"resources": ["arn:aws:ec2:::x"]}, "resources", "fires more"),
        ({"source": ["aws.ec2", "my.app"]}, "source", "fires less"),
        ({"source": ["aws.nothing"]}, "source", "fires more"),
        ({"source": ["my.app"]}, "source", "not imported"),
        ({"detail-type": ["EC2 Instance State-change Notification"]}, "detail-type", "not imported"),
        ({"detail-type": [API_CALL, "GuardDuty Finding"]}, "detail-type", "fires less"),
        ({"$or": [{"source": ["aws.ec2"]}, {"source": ["aws.iam"]}]}, "$or", "not imported"),
        ({"account": [{"Ref": "AWS::AccountId"}]}, "account", "fires more"),
    ],
)
def test_what_has_no_form_in_the_record_is_told(envelope: dict[str, Any], what: str, effect: str) -> None:
    imported = read({**envelope, "detail": DETAIL})
    assert (what, effect) in {(loss.what, loss.effect) for loss in imported.losses}
    assert bool(imported.drafts) == (effect != "not imported")


def test_rules_are_read_from_what_the_aws_cli_prints() -> None:
    pattern = json.dumps({"detail": DETAIL})
    listed = [
        {"Name": "instances", "Description": "Instances come and go.", "State": "ENABLED", "EventPattern": pattern}
    ]
    (draft,) = read({"Rules": [*listed, {"Name": "nightly", "ScheduleExpression": "rate(1 day)"}]}).drafts
    assert (draft.id, draft.document["title"]) == ("eventbridge-instances", "Instances come and go")


def test_rules_are_read_from_a_cloudformation_template() -> None:
    template = """\
Resources:
  Launched:
    Type: AWS::Events::Rule
    Properties:
      State: DISABLED
      EventPattern:
        source: [aws.ec2]
        account: [!Ref AWS::AccountId]
        detail: {eventName: [RunInstances]}
      Targets: [{Arn: !GetAtt Topic.Arn, Id: topic}]
  Topic: {Type: AWS::SNS::Topic}
"""
    imported = read(template, "stack.yaml")
    (draft,) = imported.drafts
    assert (draft.id, draft.document["enabled"]) == ("eventbridge-launched", False)
    assert draft.document["match"] == {"eventSource": ["ec2.amazonaws.com"], "eventName": ["RunInstances"]}
    assert [(loss.what, loss.effect) for loss in imported.losses] == [("account", "fires more")]


def test_a_pattern_that_can_never_match_is_not_imported() -> None:
    imported = read({"detail": {"eventName": ["RunInstanses"], "eventSource": ["ec2.amazonaws.com"]}})
    finish(imported)
    assert imported.drafts == []
    assert "Did you mean RunInstances?" in imported.losses[0].why


@pytest.mark.parametrize("text", ["{", "[]", "detail: [a"])
def test_a_file_without_a_pattern_is_told(text: str) -> None:
    (loss,) = read(text).losses
    assert (loss.file, loss.effect) == ("pattern.json", "not imported")
