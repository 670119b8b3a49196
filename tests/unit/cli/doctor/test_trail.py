"""The doctor's look at trails: what is logged of which region."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tests.unit.cli.fake_aws import HOME, FakeAws
from trailbell.cli.doctor.checkup import Deployment, Result
from trailbell.cli.doctor.trail import Coverage, check_trail, judge_trails, read_selectors
from trailbell.config.model import Config
from trailbell.pattern import Pattern
from trailbell.rule import Rule

ARN = f"arn:aws:cloudtrail:{HOME}:111122223333:trail/main"
WRITES = {"eventSource": ["ec2.amazonaws.com"], "eventName": ["RunInstances"]}
READS = {"eventSource": ["iam.amazonaws.com"], "eventName": ["GetAccountAuthorizationDetails"]}
MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}


def deployment(aws: Any = None, match: Any = None) -> Deployment:
    rule = Rule(id="a", title="A", severity="low", match=Pattern.parse(match or WRITES))
    return Deployment(aws=aws or FakeAws({}), stack="Trailbell", outputs={}, config=Config(rules=(rule,)))


def coverage(**changes: Any) -> Coverage:
    values = {"name": "main", "arn": ARN, "logging": True, "reads": True, "writes": True, "regions": "all"}
    return Coverage(**{**values, **changes})


def statuses(results: list[Result]) -> list[str]:
    return [result.status for result in results]


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ([{"ReadWriteType": "All", "IncludeManagementEvents": True}], (True, True, ())),
        ([{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}], (False, True, ())),
        ([{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}], (True, False, ())),
        ([{"ReadWriteType": "All", "IncludeManagementEvents": False}], (False, False, ())),
        (
            [{"ReadWriteType": "All", "ExcludeManagementEventSources": ["kms.amazonaws.com"]}],
            (True, True, ("kms.amazonaws.com",)),
        ),
    ],
)
def test_basic_selectors_are_read(selectors: Any, expected: Any) -> None:
    assert read_selectors({"EventSelectors": selectors}) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([MANAGEMENT], (True, True, ())),
        ([MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}], (False, True, ())),
        ([MANAGEMENT, {"Field": "readOnly", "Equals": ["true"]}], (True, False, ())),
        (
            [MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]}],
            (True, True, ("kms.amazonaws.com", "rdsdata.amazonaws.com")),
        ),
        ([{"Field": "eventCategory", "Equals": ["Data"]}], (False, False, ())),
    ],
)
def test_advanced_selectors_are_read(fields: Any, expected: Any) -> None:
    assert read_selectors({"AdvancedEventSelectors": [{"FieldSelectors": fields}]}) == expected


@pytest.mark.parametrize(
    ("trails", "match", "said"),
    [
        ([coverage(logging=False)], WRITES, "main: not logging"),
        ([coverage(writes=False)], WRITES, "us-east-2: no trail logs its management events"),
        ([coverage(regions=HOME)], WRITES, "us-east-1: no trail logs its management events"),
        ([coverage(reads=False)], READS, "us-east-2: only writes are logged, and some rules ask for read-only events"),
        (
            [coverage(reads=False), coverage(name="home", regions=HOME)],
            READS,
            "us-east-1: only writes are logged, and some rules ask for read-only events",
        ),
    ],
)
def test_what_is_not_logged_fails(trails: list[Coverage], match: Any, said: str) -> None:
    results = list(judge_trails(trails, deployment(match=match)))
    assert said in [result.said for result in results if result.status == "fail" and result.mend]
    assert "ok" not in statuses(results)


@pytest.mark.parametrize(
    ("trails", "match"),
    [
        ([coverage()], READS),
        ([coverage(reads=False)], WRITES),
        ([coverage(reads=False), coverage(name="reads", writes=False)], READS),
        ([coverage(regions=HOME), coverage(name="other", regions="us-east-1")], READS),
        ([coverage(excluded=("kms.amazonaws.com",)), coverage()], WRITES),
    ],
)
def test_what_the_rules_need_may_come_from_several_trails(trails: list[Coverage], match: Any) -> None:
    assert statuses(list(judge_trails(trails, deployment(match=match)))) == ["ok"]


def test_an_event_source_that_every_trail_leaves_out_is_a_warning() -> None:
    trails = [coverage(excluded=("kms.amazonaws.com",)), coverage(logging=False)]
    results = list(judge_trails(trails, deployment()))
    assert statuses(results) == ["warn", "ok"]
    assert "kms.amazonaws.com" in results[0].said


def test_a_trail_that_cannot_write_its_files_is_a_warning() -> None:
    results = list(judge_trails([coverage(delivery_error="NoSuchBucket")], deployment()))
    assert statuses(results) == ["warn", "ok"]


def test_without_a_trail_the_check_fails() -> None:
    aws = FakeAws({("cloudtrail", HOME): {"describe_trails": {"trailList": []}}})
    (result,) = check_trail(deployment(aws))
    assert (result.status, "deployment.trail" in result.mend) == ("fail", True)


def test_trails_are_asked_as_the_api_says() -> None:
    """botocore checks names and shapes."""
    client = boto3.client("cloudtrail", HOME, aws_access_key_id="1", aws_secret_access_key="2")
    trail = {"Name": "main", "TrailARN": ARN, "IsMultiRegionTrail": True, "HomeRegion": HOME}
    status = {"IsLogging": True, "StartLoggingTime": datetime(2026, 1, 1, tzinfo=UTC)}
    selectors = {"TrailARN": ARN, "AdvancedEventSelectors": [{"FieldSelectors": [MANAGEMENT]}]}
    aws = FakeAws({})
    aws.client = lambda *_: client  # type: ignore[method-assign]  # the real client, with botocore's Stubber
    with Stubber(client) as stubber:
        stubber.add_response("describe_trails", {"trailList": [trail]}, {"includeShadowTrails": True})
        stubber.add_response("get_trail_status", status, {"Name": ARN})
        stubber.add_response("get_event_selectors", selectors, {"TrailName": ARN})
        assert statuses(list(check_trail(deployment(aws, READS)))) == ["ok"]
