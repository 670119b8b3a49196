"""`AWS::CloudTrail::Trail`, which MiniStack's CloudFormation does not know though its CloudTrail does."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import cloudtrail, s3

from localaws.strict.cloudformation.types import Made, Properties, answer, name, register

PRINCIPAL = "cloudtrail.amazonaws.com"
PASSED = (
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
    "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail",
    "IsOrganizationTrail",
    "EnableLogFileValidation",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
)
"""Properties that CreateTrail and UpdateTrail take under the same name."""
SELECTORS = ("EventSelectors", "AdvancedEventSelectors")


def install() -> None:
    """Let templates hold trails."""
    register("AWS::CloudTrail::Trail", create=_create, update=_update, delete=_delete, replacing=("TrailName",))


def _create(logical_id: str, properties: Properties, stack_name: str) -> Made:
    trail = properties.get("TrailName") or name(stack_name, logical_id)
    _check_bucket(properties)
    answer(cloudtrail._create_trail({"Name": trail, **_body(properties)}))
    return _apply(trail, properties)


def _update(physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str) -> Made:
    del old, stack_name, logical_id
    _check_bucket(new)
    return _apply(physical_id, new)


def _apply(trail: str, properties: Properties) -> Made:
    """Bring the trail to what the template says: CreateTrail takes only a part of it, and logs nothing yet."""
    arn = answer(cloudtrail._update_trail({"Name": trail, **_body(properties)}))["TrailARN"]
    selectors = {key: properties[key] for key in SELECTORS if properties.get(key)}
    if selectors:
        answer(cloudtrail._put_event_selectors({"TrailName": trail, **selectors}))
    switch = cloudtrail._start_logging if properties["IsLogging"] else cloudtrail._stop_logging
    answer(switch({"Name": trail}))
    return trail, {"Arn": arn, "SnsTopicArn": properties.get("SnsTopicName", "")}


def _delete(physical_id: str, properties: Properties) -> None:
    del properties
    answer(cloudtrail._delete_trail({"Name": physical_id}))


def _body(properties: Properties) -> dict[str, Any]:
    body = {key: properties[key] for key in PASSED if key in properties}
    return body | {"KmsKeyId": properties.get("KMSKeyId", "")}


def _check_bucket(properties: Properties) -> None:
    """Refuse a bucket that CloudTrail may not write to, as CreateTrail does.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    bucket = properties["S3BucketName"]
    if bucket not in s3._buckets:
        raise ValueError(f"S3BucketDoesNotExistException: S3 bucket {bucket} does not exist!")
    prefix = f"{properties['S3KeyPrefix']}/" if properties.get("S3KeyPrefix") else ""
    written = f"arn:aws:s3:::{bucket}/{prefix}AWSLogs/{get_account_id()}/CloudTrail/x"
    allowed = list(_allowed(bucket))
    needed = {"s3:GetBucketAcl": f"arn:aws:s3:::{bucket}", "s3:PutObject": written}
    for action, resource in needed.items():
        if not any(_matches(statement, action, resource) for statement in allowed):
            raise ValueError(
                f"InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: {bucket}"
            )


def _allowed(bucket: str) -> Iterator[Mapping[str, Any]]:
    """Yield the statements by which CloudTrail may do something with the bucket."""
    for statement in json.loads(s3._bucket_policies.get(bucket) or "{}").get("Statement", []):
        principal = statement.get("Principal")
        services = principal.get("Service") if isinstance(principal, dict) else None
        if statement["Effect"] == "Allow" and PRINCIPAL in _listed(services):
            yield statement


def _matches(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    actions, resources = _listed(statement.get("Action")), _listed(statement.get("Resource"))
    return any(fnmatchcase(action, wanted) for wanted in actions) and any(
        fnmatchcase(resource, wanted) for wanted in resources
    )


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []
