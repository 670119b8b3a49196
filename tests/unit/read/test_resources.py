import json
from typing import Any

import pytest

from tests.shared import needs_records, real_records
from tests.unit.alerts import EVENTS
from tests.unit.steps import CountedText, count_calls
from trailbell.aws.registry import service_of
from trailbell.read.resources import read_resources

I1, SG, VPC, SUBNET = "i-0123456789abcdef0", "sg-0a1b2c3d4e5f60718", "vpc-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60718"
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"


def read(call: str, request: Any = None, response: Any = None, **more: Any) -> list[tuple[str, str, str]]:
    source, _, name = call.partition(".")
    record = {
        "eventSource": f"{source}.amazonaws.com", "eventName": name, "awsRegion": "eu-central-1",
        "requestParameters": request, "responseElements": response, **more,
    }  # fmt: skip
    return [(found.type.removeprefix("AWS::"), found.id, found.role) for found in read_resources(record)]


def test_launch_names_all_seven_resources_what_it_made_first() -> None:
    record = json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    found = read_resources(record)
    assert {(one.type, one.id, one.name, one.role) for one in found} == {
        ("AWS::EC2::Instance", "i-0123456789abcdef0", "Server1", "created"),
        ("AWS::EC2::NetworkInterface", "eni-0892be3483f983663", None, "created"),
        ("AWS::EC2::Ami", "ami-036f5574583e16426", None, "used"),
        ("AWS::EC2::KeyPair", "Ohio-Key", None, "used"),
        ("AWS::EC2::SecurityGroup", "sg-00ca240f71292feb2", "Webserver_SG", "used"),
        ("AWS::EC2::Subnet", "subnet-d07cb873ce0ee06", None, "used"),
        ("AWS::EC2::VPC", "vpc-0fd1744d0f9c0fe7a", None, "used"),
    }
    assert [one.role for one in found[:2]] == ["created", "created"]
    assert found[0].id == "i-0123456789abcdef0"
    assert len(found) == 7


@pytest.mark.parametrize(
    ("call", "request_", "response", "first"),
    [
        ("ec2.TerminateInstances", {"instancesSet": {"items": [{"instanceId": I1}]}}, None,
         ("EC2::Instance", I1, "deleted")),
        ("ec2.StopInstances", {"instancesSet": {"items": [{"instanceId": I1}]}}, None, ("EC2::Instance", I1, "changed")),
        ("ec2.AuthorizeSecurityGroupIngress", {"groupId": SG}, None, ("EC2::SecurityGroup", SG, "changed")),
        ("ec2.CreateSubnet", {"vpcId": VPC}, {"subnet": {"subnetId": SUBNET, "vpcId": VPC}},
         ("EC2::Subnet", SUBNET, "created")),
        ("ec2.DeleteVpc", {"vpcId": VPC}, {"_return": True}, ("EC2::VPC", VPC, "deleted")),
        ("ec2.DisassociateRouteTable", {"associationId": "rtbassoc-0a1b2c3d4e5f60718"}, None,
         ("EC2::SubnetRouteTableAssociation", "rtbassoc-0a1b2c3d4e5f60718", "changed")),
        ("iam.CreateUser", {"userName": "eve"}, None, ("IAM::User", "eve", "created")),
        ("iam.DeleteRole", {"roleName": "r"}, None, ("IAM::Role", "r", "deleted")),
        ("s3.DeleteBucket", {"bucketName": "logs"}, None, ("S3::Bucket", "logs", "deleted")),
        ("s3.PutBucketPolicy", {"bucketName": "logs"}, None, ("S3::Bucket", "logs", "changed")),
        ("cloudtrail.StopLogging", {"name": "main"}, None, ("CloudTrail::Trail", "main", "changed")),
        ("kms.ScheduleKeyDeletion", {"keyId": KEY}, None, ("KMS::Key", KEY, "deleted")),
        ("lambda.DeleteFunction20150331", {"functionName": "f"}, None, ("Lambda::Function", "f", "deleted")),
        ("rds.DeleteDBInstance", {"dBInstanceIdentifier": "orders"}, None, ("RDS::DBInstance", "orders", "deleted")),
        ("dynamodb.DeleteTable", {"tableName": "t"}, None, ("DynamoDB::Table", "t", "deleted")),
        ("secretsmanager.DeleteSecret", {"secretId": "s"}, None, ("SecretsManager::Secret", "s", "deleted")),
        ("logs.DeleteLogGroup", {"logGroupName": "/aws/x"}, None, ("Logs::LogGroup", "/aws/x", "deleted")),
        ("guardduty.DeleteDetector", {"detectorId": "12abc"}, None, ("GuardDuty::Detector", "12abc", "deleted")),
        ("ssm.PutParameter", {"name": "/a/b"}, None, ("SSM::Parameter", "/a/b", "changed")),
        ("cloudformation.DeleteStack", {"stackName": "web"}, None, ("CloudFormation::Stack", "web", "deleted")),
        ("eks.DeleteCluster", {"name": "k"}, None, ("EKS::Cluster", "k", "deleted")),
        ("ecr.DeleteRepository", {"repositoryName": "app"}, None, ("ECR::Repository", "app", "deleted")),
        ("sns.DeleteTopic", {"topicArn": "arn:aws:sns:eu-central-1:111122223333:t"}, None,
         ("SNS::Topic", "t", "deleted")),
        ("sqs.DeleteQueue", {"queueUrl": "https://sqs.eu-central-1.amazonaws.com/111122223333/q"}, None,
         ("SQS::Queue", "q", "deleted")),
    ],
)  # fmt: skip
def test_first_resource_is_what_the_call_is_about(
    call: str, request_: Any, response: Any, first: tuple[str, str, str]
) -> None:
    assert read(call, request_, response)[0] == first


def test_secret_that_secrets_manager_deletes_itself_is_named() -> None:
    extra = {"ARN": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf", "Name": "db"}
    found = read("secretsmanager.EndSecretVersionDelete", eventType="AwsServiceEvent", additionalEventData=extra)
    assert [(type_, id_) for type_, id_, _ in found] == [("SecretsManager::Secret", "db")]


def test_ten_times_the_instances_take_ten_times_the_work() -> None:
    def calls(count: int) -> int:
        items = [
            {"instanceId": CountedText(f"i-{number:017x}"), "subnetId": SUBNET, "vpcId": VPC} for number in range(count)
        ]
        response = {"instancesSet": {"items": items}}
        assert len(read("ec2.RunInstances", None, response)) == count + 2
        return count_calls(lambda: read("ec2.RunInstances", None, response))

    # Quadratic work would be a hundred times as much.
    assert calls(1_000) < 12 * calls(100)


@needs_records
def test_most_successful_changes_name_a_resource() -> None:
    missed, total = 0, 0
    for record in real_records():
        if str(record.get("readOnly")).lower() != "false" or record.get("errorCode") or record.get("errorMessage"):
            continue
        total += 1
        known = service_of(str(record.get("eventSource"))).without_resource
        missed += not read_resources(record) and record.get("eventName") not in known
    assert total > 400
    assert missed <= 0.03 * total
