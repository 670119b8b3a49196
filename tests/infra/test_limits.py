"""What a real account would refuse is refused at synth; the largest config that may be written is not."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import ROOT, synthesise
from trailbell.contract.limits import MAX_SLOTS
from trailbell.infra.limits import LIMITS, check_template, check_templates, length

LARGEST = "T" * 50
MANY_REGIONS = ROOT.parent / "shared" / "cases" / "files" / "02-many-regions.yaml"
REGIONS = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1", "eu-west-1",
    "eu-west-2", "eu-west-3", "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3",
)  # fmt: skip
"""Those that every account has on."""
EVERYTHING = f"""\
packs: [anomalies, attack, billing, cis, data, iam, kubernetes, network, organization, starter]
destinations:
  email: [soc@example.com]
  slack: {{enabled: true, channel: "#alerts", channels: {{{", ".join(f"team-{n}: '#team-{n}'" for n in range(20))}}}}}
  topics:
    {{{", ".join(f"team-{n}: 'arn:aws:sns:us-east-2:111122223333:team-{n}'" for n in range(10))}}}
  webhook: {{host: siem.example.com}}
  teams: {{}}
  pagerduty: {{}}
  security_hub: {{}}
"""


def statements(count: int) -> dict[str, Any]:
    """Return a policy of about 100 characters a statement."""
    statement = {"Effect": "Allow", "Action": "events:PutRule", "Resource": "x" * 46}
    return {"Version": "2012-10-17", "Statement": [statement] * count}


def resource(type_: str, **properties: Any) -> dict[str, Any]:
    return {"R": {"Type": type_, "Properties": properties}}


def rules(description: str, count: int, **properties: Any) -> dict[str, Any]:
    rule = {"Type": "AWS::Events::Rule", "Properties": {"Description": f"{description} 1", **properties}}
    return {f"R{number}": rule for number in range(count)}


TOO_LARGE: dict[str, dict[str, Any]] = {
    "bytes": resource("AWS::SNS::Topic", DisplayName="x" * 1_000_001),
    "resources": {f"R{number}": {"Type": "AWS::SNS::Topic"} for number in range(501)},
    "inline policies": resource("AWS::IAM::Policy", Roles=[{"Ref": "Role"}], PolicyDocument=statements(110)),
    "managed policy": resource("AWS::IAM::ManagedPolicy", PolicyDocument=statements(65)),
    "trust policy": resource("AWS::IAM::Role", AssumeRolePolicyDocument=statements(22)),
    "resource policy": resource("AWS::Lambda::ResourcePolicy", PolicyDocument=statements(215)),
    "permissions": {
        f"R{number}": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": "detector"}}
        for number in range(50)
    },
    "queue policy": resource("AWS::SQS::QueuePolicy", PolicyDocument=statements(90)),
    "topic policy": resource("AWS::SNS::TopicPolicy", PolicyDocument=statements(320)),
    "environment": resource("AWS::Lambda::Function", Environment={"Variables": {"A": "x" * 4_096}}),
    "default bus": rules("Trailbell, live filter", 51),
    "name of rule": resource("AWS::Events::Rule", Name="x" * 65),
    "event pattern": resource("AWS::Events::Rule", EventPattern={"source": ["x" * 2_048]}),
    "rules with wildcards": rules("Trailbell, slot filter", 11, EventPattern={"source": [{"wildcard": "a*b"}]}),
    "wildcards": resource("AWS::Events::Rule", EventPattern={"source": [{"wildcard": "a*b"}] * 11}),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_what_is_too_large_is_refused_with_its_size_the_limit_and_what_to_do(what: str) -> None:
    (excess,) = check_template("Trailbell", json.dumps({"Resources": TOO_LARGE[what]}))
    assert what in str(excess)
    assert re.match(r"Trailbell: .+ has [\d,]+ .+, and AWS takes [\d,]+\. .+\.$", str(excess))
    assert excess.measured > excess.limit


def test_a_bus_is_measured_while_it_has_three_sets_of_slots() -> None:
    wildcard = {"EventPattern": {"source": [{"wildcard": "a*b"}]}}
    for most in (
        rules("Trailbell, live filter", 50),
        rules("Trailbell, slot filter", 100),
        rules("Trailbell, slot filter", 10, **wildcard),
        rules("Trailbell, heartbeat", 30, **wildcard),
    ):
        assert list(check_template("Trailbell", json.dumps({"Resources": most}))) == []


def test_every_limit_has_a_case_that_breaks_it() -> None:
    outputs: dict[str, Any] = {"Resources": {}, "Outputs": {f"O{number}": {} for number in range(201)}}
    broken = {
        (excess.limit, excess.unit)
        for template in ({"Resources": case} for case in TOO_LARGE.values())
        for excess in check_template("T", json.dumps(template))
    } | {(excess.limit, excess.unit) for excess in check_template("T", json.dumps(outputs))}
    assert broken == {(limit.limit, limit.unit) for limit in LIMITS}


@pytest.mark.parametrize(
    ("value", "longest"),
    [
        ({"a": ["b", 1]}, len('{"a":["b",1]}')),
        ({"Ref": "AWS::AccountId"}, len('"111122223333"')),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam"]]}, len('"arn:aws-us-gov:iam"')),
        ("ä", len('"ä"')),
        ([], 2),
        ({}, 2),
    ],
)
def test_a_value_is_as_long_as_its_longest_text(value: Any, longest: int) -> None:
    assert length(value) == longest


def test_all_regions_twenty_slots_and_the_longest_name_stay_within_every_limit(tmp_path: Path) -> None:
    deployment = (
        f"deployment: {{home_region: us-east-2, regions: [{', '.join(REGIONS)}], slots: 20, stack_name: {LARGEST}}}"
    )
    done = synthesise(tmp_path, EVERYTHING + deployment)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "cdk.out").glob("*.template.json"))) == len(REGIONS)
    assert check_templates((tmp_path / "cdk.out").glob("*.template.json")) == []


def test_the_largest_config_that_the_schema_allows_stays_within_every_limit(tmp_path: Path) -> None:
    done = synthesise(
        tmp_path, EVERYTHING + f"deployment: {{home_region: us-east-1, slots: {MAX_SLOTS}, stack_name: {LARGEST}}}"
    )
    assert done.returncode == 0, done.stderr
    assert check_templates((tmp_path / "cdk.out").glob("*.template.json")) == []


def test_a_config_beyond_them_is_refused_with_what_to_do(tmp_path: Path) -> None:
    topics = ", ".join(f"team-{n}: 'arn:aws:sns:us-east-2:111122223333:{'t' * 60}{n}'" for n in range(60))
    done = synthesise(tmp_path, f"destinations: {{topics: {{{topics}}}}}\ndeployment: {{home_region: us-east-1}}")
    assert done.returncode == 1
    assert "the environment of function TopicsNotifier" in done.stderr
    assert "name fewer regions, topics and slots" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not MANY_REGIONS.exists(), reason="../shared is not here: it has the case files")
def test_the_config_that_was_too_large_synthesises(tmp_path: Path) -> None:
    done = synthesise(tmp_path, MANY_REGIONS.read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stderr
