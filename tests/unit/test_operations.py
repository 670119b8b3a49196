"""The shipped list of event names agrees with AWS's documentation and with real records."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import needs_records, real_records
from trailbell.operations import is_read_only, load_operations, may_be_withheld, without_version

ROOT = Path(__file__).resolve().parents[2]

NAMES_THAT_ARE_NOT_LISTED = {
    ("cloudwatch.amazonaws.com", "PutMetricData"),  # made by hand: CloudWatch's event source is monitoring
}
READ_ONLY_THAT_DIFFERS = {
    ("sts.amazonaws.com", "AssumeRole", False),  # examples made by hand; STS records it as read-only
    ("kms.amazonaws.com", "GenerateDataKey", False),  # an example made by hand; KMS records it as read-only
}


@pytest.mark.no_cover  # long enough as it is
def test_the_list_is_what_the_generator_makes_of_the_pinned_botocore() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate_operations.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("ec2", "RunInstances"),
        ("ec2", "BidEvictedEvent"),
        ("iam", "CreateAccessKey"),
        ("sts", "AssumeRoot"),
        ("monitoring", "DeleteAlarms"),
        ("ses", "SendEmail"),
        ("signin", "ConsoleLogin"),
        ("signin", "PasswordRecoveryRequested"),
        ("sso", "Federate"),
        ("sso", "CreateAccountAssignment"),
        ("sso-directory", "AddMemberToGroup"),
        ("s3", "PutBucketPublicAccessBlock"),
        ("s3", "PutAccountPublicAccessBlock"),
        ("s3", "PutBucketPolicy"),
        ("s3express", "CreateBucket"),
        ("lambda", "UpdateFunctionCode20150331v2"),
        ("lambda", "CreateFunction20150331"),
        ("lambda", "CreateFunctionUrlConfig"),
        ("cloudfront", "CreateDistribution2020_05_31"),
        ("cloudfront", "CreateDistribution"),
        ("kms", "RotateKey"),
        ("kms", "Decrypt"),
        ("secretsmanager", "RotationSucceeded"),
        ("bedrock", "InvokeModel"),
        ("organizations", "CreateAccountResult"),
        ("elasticloadbalancing", "CreateLoadBalancer"),
        ("ecr", "PutImage"),
        ("states", "CreateStateMachine"),
        ("es", "DeleteDomain"),
    ],
)
def test_events_are_found_under_their_cloudtrail_source(source: str, name: str) -> None:
    assert load_operations().has(f"{source}.amazonaws.com", name)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("ec2", "CreateUser"),
        ("s3", "PutPublicAccessBlock"),
        ("email", "SendEmail"),
        ("sso-admin", "CreateAccountAssignment"),
        ("nowhere", "RunInstances"),
    ],
)
def test_events_are_not_found_elsewhere(source: str, name: str) -> None:
    assert not load_operations().has(f"{source}.amazonaws.com", name)


def test_regions_of_every_partition_are_known() -> None:
    assert {"us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"} <= load_operations().regions


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("UpdateFunctionCode20150331v2", "UpdateFunctionCode"),
        ("CreateDistribution2020_05_31", "CreateDistribution"),
        ("RunInstances", "RunInstances"),
        ("GetMetricData", "GetMetricData"),
        ("EnableMacie2", "EnableMacie2"),
        ("20150331", "20150331"),
    ],
)
def test_a_version_suffix_is_told_from_the_name(name: str, bare: str) -> None:
    assert without_version(name) == bare


@pytest.mark.parametrize("name", ["GetUser", "ListBuckets", "DescribeInstances", "GetFunction20150331v2"])
def test_eventbridge_may_withhold_reading_events(name: str) -> None:
    assert may_be_withheld(name)


@pytest.mark.parametrize(
    "name", ["GetFederationToken", "GetSessionToken", "AssumeRole", "RunInstances", "ConsoleLogin"]
)
def test_eventbridge_delivers_the_others_always(name: str) -> None:
    assert not may_be_withheld(name)


def test_what_eventbridge_may_withhold_counts_as_read_only() -> None:
    """The filter compiler asks `is_read_only`: a wrong no would hide the event."""
    wrong = {
        (source, name)
        for source, names in load_operations().sources.items()
        for name in names
        if may_be_withheld(name) and not is_read_only(source, name)
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("source", "name", "read_only"),
    [
        ("ec2.amazonaws.com", "DescribeInstances", True),
        ("ec2.amazonaws.com", "RunInstances", False),
        ("cloudtrail.amazonaws.com", "LookupEvents", True),
        ("sts.amazonaws.com", "AssumeRole", True),
        ("sts.amazonaws.com", "GetSessionToken", False),
        ("kms.amazonaws.com", "Decrypt", True),
        ("ec2.amazonaws.com", "GetawayCreate", False),
        ("dynamodb.amazonaws.com", "BatchGetItem", True),
        ("dynamodb.amazonaws.com", "BatchWriteItem", False),
    ],
)
def test_read_only_is_told_by_the_name(source: str, name: str, *, read_only: bool) -> None:
    assert is_read_only(source, name) is read_only


@needs_records
def test_real_records_hold_no_event_that_the_list_lacks() -> None:
    operations = load_operations()
    pairs = {(record.get("eventSource"), record.get("eventName")) for record in real_records()}
    unlisted = {(source, name) for source, name in pairs if source and name and not operations.has(source, name)}
    assert unlisted == NAMES_THAT_ARE_NOT_LISTED


@needs_records
def test_real_records_are_read_only_where_the_names_say_so() -> None:
    differing = {
        (record["eventSource"], record["eventName"], record["readOnly"])
        for record in real_records()
        if isinstance(record.get("readOnly"), bool)
        and is_read_only(record["eventSource"], record["eventName"]) != record["readOnly"]
    }
    assert differing == READ_ONLY_THAT_DIFFERS
