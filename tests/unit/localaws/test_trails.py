"""`AWS::CloudTrail::Trail`."""

import json
from typing import Any

import pytest
from ministack.services import cloudtrail

from localaws.strict.cloudformation import trails
from tests.unit.localaws.stacks import StackError, deploy, destroy

BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "trail-bucket"}}
TRAIL = {
    "Type": "AWS::CloudTrail::Trail",
    "DependsOn": ["Policy"],
    "Properties": {
        "S3BucketName": {"Ref": "Bucket"},
        "IsLogging": True,
        "IsMultiRegionTrail": True,
        "EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}],
    },
}


@pytest.fixture(scope="module", autouse=True)
def strict() -> None:
    trails.install()


def bucket_policy(*actions: str, resource: str = "*") -> dict[str, Any]:
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": action,
            "Resource": f"arn:aws:s3:::trail-bucket{'' if action.endswith('Acl') else '/' + resource}",
        }
        for action in actions
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": document}}


def with_trail(**properties: Any) -> dict[str, Any]:
    trail = {**TRAIL, "Properties": {**TRAIL["Properties"], **properties}}  # type: ignore[dict-item]
    policy = bucket_policy("s3:GetBucketAcl", "s3:PutObject", resource="AWSLogs/000000000000/*")
    return {"Bucket": BUCKET, "Policy": policy, "Trail": trail}


def read(action: Any, name: str, key: str = "Name") -> dict[str, Any]:
    content: dict[str, Any] = json.loads(action({key: name})[2])
    return content


def test_a_trail_is_made_logs_is_changed_and_goes() -> None:
    trail = deploy(with_trail())["Trail"]
    assert read(cloudtrail._get_trail_status, trail)["IsLogging"]
    assert read(cloudtrail._get_trail, trail)["Trail"]["IsMultiRegionTrail"]
    selectors = read(cloudtrail._get_event_selectors, trail, "TrailName")["EventSelectors"]
    assert selectors[0]["ReadWriteType"] == "WriteOnly"

    changed = with_trail(IsLogging=False, EnableLogFileValidation=True)
    assert deploy(changed)["Trail"] == trail
    assert not read(cloudtrail._get_trail_status, trail)["IsLogging"]
    assert read(cloudtrail._get_trail, trail)["Trail"]["LogFileValidationEnabled"]

    destroy()
    assert not read(cloudtrail._describe_trails, trail)["trailList"]


@pytest.mark.parametrize(
    "policy",
    [
        bucket_policy("s3:GetBucketAcl"),
        bucket_policy("s3:PutObject"),
        bucket_policy("s3:GetBucketAcl", "s3:PutObject", resource="AWSLogs/999999999999/*"),
    ],
)
def test_a_bucket_that_cloudtrail_may_not_write_to_is_refused(policy: dict[str, Any]) -> None:
    with pytest.raises(StackError, match="InsufficientS3BucketPolicyException"):
        deploy({**with_trail(), "Policy": policy})


def test_a_bucket_that_is_not_there_is_refused() -> None:
    with pytest.raises(StackError, match="S3BucketDoesNotExistException"):
        deploy(with_trail(S3BucketName="another"))
