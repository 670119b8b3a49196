"""Each protocol's requests and answers, in CloudTrail's spelling."""

import json
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from tests.unit.localaws.conftest import ACCOUNT, HOME, Client, rule_to_queue, start_trail

POLICY = {"Version": "2012-10-17", "Statement": []}


def recorded(client: Client, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
    """Make one call and return its record."""
    start_trail(client)
    seen = rule_to_queue(client, "seen", source=[f"aws.{service}"])
    made = client({"monitoring": "cloudwatch"}.get(service, service))
    seen.events()
    with suppress(ClientError):  # a refused call is recorded, too
        getattr(made, operation)(**parameters)
    (record,) = seen.records()
    return dict(record)


def test_json(client: Client) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    record = recorded(client, "secretsmanager", "create_secret", Name="key", Tags=tags, ClientRequestToken="t" * 32)
    assert record["requestParameters"] == {
        "name": "key",
        "clientRequestToken": "t" * 32,
        "tags": [{"key": "team", "value": "blue"}],
    }
    assert record["responseElements"]["arn"].startswith(f"arn:aws:secretsmanager:{HOME}:{ACCOUNT}:secret:key-")


def test_query_with_lists_and_maps(client: Client) -> None:
    attributes = {"DisplayName": "News", "KmsMasterKeyId": "alias/aws/sns"}
    record = recorded(
        client, "sns", "create_topic", Name="news", Attributes=attributes, Tags=[{"Key": "a", "Value": "1"}]
    )
    assert record["requestParameters"] == {
        "name": "news",
        "attributes": attributes,
        "tags": [{"key": "a", "value": "1"}],
    }
    assert record["responseElements"] == {"topicArn": f"arn:aws:sns:{HOME}:{ACCOUNT}:news"}


def test_cbor(client: Client) -> None:
    alarm = {
        "AlarmName": "a",
        "MetricName": "m",
        "Namespace": "n",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.5,
        "ComparisonOperator": "GreaterThanThreshold",
        "Dimensions": [{"Name": "d", "Value": "v"}],
    }
    record = recorded(client, "monitoring", "put_metric_alarm", **alarm)
    assert (record["eventSource"], record["eventName"]) == ("monitoring.amazonaws.com", "PutMetricAlarm")
    parameters = record["requestParameters"]
    assert (parameters["alarmName"], parameters["threshold"]) == ("a", 1.5)
    assert parameters["dimensions"] == [{"name": "d", "value": "v"}]
    assert record["responseElements"] is None


def test_rest_json_with_a_path_and_a_dated_name(client: Client) -> None:
    record = recorded(
        client,
        "lambda",
        "update_function_configuration",
        FunctionName="nobody",
        Timeout=5,
        Environment={"Variables": {"TOKEN": "hush"}},
    )
    assert record["eventName"] == "UpdateFunctionConfiguration20150331v2"
    assert record["errorCode"] == "ResourceNotFoundException"
    assert record["requestParameters"] == {"functionName": "nobody", "timeout": 5, "environment": {}}


def test_rest_json_with_an_arn_in_its_path_and_a_list_in_its_query(client: Client) -> None:
    arn = f"arn:aws:appconfig:{HOME}:{ACCOUNT}:application/abc1234"
    record = recorded(client, "appconfig", "untag_resource", ResourceArn=arn, TagKeys=["a", "b"])
    assert record["requestParameters"] == {"resourceArn": arn, "tagKeys": ["a", "b"]}


def test_s3_with_a_policy(client: Client) -> None:
    client("s3").create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": HOME})
    record = recorded(client, "s3", "put_bucket_policy", Bucket="things", Policy=json.dumps(POLICY))
    assert record["requestParameters"] == {
        "bucketName": "things",
        "Host": "127.0.0.1",
        "policy": "",
        "bucketPolicy": POLICY,
    }
    assert record["resources"] == [{"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::things"}]


def test_s3_with_a_body_of_xml_and_another_name(client: Client) -> None:
    client("s3").create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": HOME})
    blocked = {"BlockPublicAcls": True, "RestrictPublicBuckets": False}
    record = recorded(client, "s3", "put_public_access_block", Bucket="things", PublicAccessBlockConfiguration=blocked)
    assert record["eventName"] == "PutBucketPublicAccessBlock"
    assert record["requestParameters"]["PublicAccessBlockConfiguration"] == blocked


def test_ec2_launches(client: Client) -> None:
    record = recorded(
        client,
        "ec2",
        "run_instances",
        ImageId="ami-0123456789abcdef0",
        MinCount=1,
        MaxCount=2,
        InstanceType="t3.micro",
        SecurityGroupIds=["sg-00000001"],
        ClientToken="token",
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "blue"}]}],
    )
    assert record["requestParameters"] == {
        "instancesSet": {"items": [{"imageId": "ami-0123456789abcdef0", "minCount": 1, "maxCount": 2}]},
        "instanceType": "t3.micro",
        "groupSet": {"items": [{"groupId": "sg-00000001"}]},
        "clientToken": "token",
        "tagSpecificationSet": {
            "items": [{"resourceType": "instance", "tags": [{"key": "team", "value": "blue"}]}],
        },
    }
    first, *_ = record["responseElements"]["instancesSet"]["items"]
    assert first["instanceId"].startswith("i-")
    assert first["instanceState"]["name"] in {"pending", "running"}
    assert record["responseElements"]["requestId"] == record["requestID"]


def test_ec2_errors_say_whose_they_are(client: Client) -> None:
    record = recorded(client, "ec2", "terminate_instances", InstanceIds=["i-0123456789abcdef0"])
    assert record["errorCode"] == "Client.InvalidInstanceID.NotFound"
    assert record["requestParameters"] == {"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}}
