"""Policies of functions, secrets and tables, and what else MiniStack leaves out of a table."""

import json
from typing import Any

import pytest
from ministack.services import dynamodb, lambda_svc, secretsmanager

from localaws.strict.cloudformation import resource_policies
from tests.unit.localaws.stacks import StackError, deploy, destroy, function

FUNCTION = function("detector")
PERMISSION = {
    "Type": "AWS::Lambda::Permission",
    "Properties": {
        "FunctionName": {"Ref": "Function"},
        "Action": "lambda:InvokeFunction",
        "Principal": "sns.amazonaws.com",
    },
}
SECRET = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "slack", "SecretString": "{}"}}
TABLE: dict[str, Any] = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
INDEX = {
    "IndexName": "by-end",
    "KeySchema": [{"AttributeName": "bucket", "KeyType": "HASH"}, {"AttributeName": "end", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "ALL"},
}
WITH_INDEX = {
    **TABLE,
    "AttributeDefinitions": [
        *TABLE["AttributeDefinitions"],
        {"AttributeName": "bucket", "AttributeType": "S"},
        {"AttributeName": "end", "AttributeType": "N"},
    ],
    "GlobalSecondaryIndexes": [INDEX],
}


@pytest.fixture(scope="module", autouse=True)
def strict() -> None:
    resource_policies.install()


def statement(sid: str, resource: Any) -> dict[str, Any]:
    principal = {"Service": "events.amazonaws.com"}
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": "lambda:InvokeFunction",
        "Resource": resource,
    }


def function_policy(*sids: str) -> dict[str, Any]:
    arn = {"Fn::GetAtt": ["Function", "Arn"]}
    document = {"Version": "2012-10-17", "Statement": [statement(sid, arn) for sid in sids]}
    return {"Type": "AWS::Lambda::ResourcePolicy", "Properties": {"ResourceArn": arn, "PolicyDocument": document}}


def sids_of_function() -> list[str]:
    status, _, body = lambda_svc._get_policy("detector")
    assert status == 200
    return [statement["Sid"] for statement in json.loads(json.loads(body)["Policy"])["Statement"]]


def test_a_functions_policy_is_set_changed_and_removed_as_a_whole() -> None:
    deploy({"Function": FUNCTION, "Policy": function_policy("rules", "topics")})
    assert sids_of_function() == ["rules", "topics"]
    deploy({"Function": FUNCTION, "Policy": function_policy("rules-of-all-slots")})
    assert sids_of_function() == ["rules-of-all-slots"]
    deploy({"Function": FUNCTION})
    assert sids_of_function() == []


def test_a_functions_policy_overwrites_its_permissions() -> None:
    deploy({"Function": FUNCTION, "Permission": PERMISSION})
    assert len(sids_of_function()) == 1
    deploy({"Function": FUNCTION, "Permission": PERMISSION, "Policy": function_policy("rules")})
    assert sids_of_function() == ["rules"]


def test_a_policy_of_a_function_that_is_not_there_is_refused() -> None:
    policy = function_policy("rules")
    policy["Properties"]["ResourceArn"] = "arn:aws:lambda:us-east-1:000000000000:function:another"
    policy["Properties"]["PolicyDocument"]["Statement"][0]["Resource"] = "*"
    with pytest.raises(StackError, match="Function not found"):
        deploy({"Policy": policy})


def test_a_secrets_policy_is_set_changed_and_removed() -> None:
    def policy(sid: str) -> dict[str, Any]:
        document = {"Version": "2012-10-17", "Statement": [{**statement(sid, "*"), "Action": "secretsmanager:*"}]}
        properties = {"SecretId": {"Ref": "Secret"}, "ResourcePolicy": document}
        return {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": properties}

    def read() -> str | None:
        content = json.loads(secretsmanager._get_resource_policy({"SecretId": "slack"})[2])
        found: str | None = content.get("ResourcePolicy")
        return found

    deploy({"Secret": SECRET, "Policy": policy("first")})
    assert "first" in str(read())
    deploy({"Secret": SECRET, "Policy": policy("second")})
    assert "first" not in str(read())
    deploy({"Secret": SECRET})
    assert read() is None
    deploy({"Secret": SECRET, "Policy": policy("third")})
    destroy()


def test_a_tables_policy_is_set_changed_and_removed() -> None:
    def table(sid: str) -> dict[str, Any]:
        document = {"Version": "2012-10-17", "Statement": [{**statement(sid, "*"), "Action": "dynamodb:*"}]}
        return {"Type": "AWS::DynamoDB::Table", "Properties": {**TABLE, "ResourcePolicy": {"PolicyDocument": document}}}

    def read(name: str) -> str:
        arn = dynamodb._tables[name]["TableArn"]
        return str(dynamodb._get_resource_policy({"ResourceArn": arn})[2])

    name = deploy({"Table": table("first")})["Table"]
    assert "first" in read(name)
    deploy({"Table": table("second")})
    assert "second" in read(name)
    deploy({"Table": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE}})
    assert "PolicyNotFoundException" in read(name)


def test_a_tables_time_to_live_and_recovery_are_set_and_unset() -> None:
    whole = {
        **TABLE,
        "TimeToLiveSpecification": {"AttributeName": "expiration", "Enabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }

    def read(name: str) -> tuple[str, str]:
        expiry = json.loads(dynamodb._describe_ttl({"TableName": name})[2])["TimeToLiveDescription"]
        backups = json.loads(dynamodb._describe_continuous_backups({"TableName": name})[2])
        recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        return expiry["TimeToLiveStatus"], recovery["PointInTimeRecoveryStatus"]

    name = deploy({"Table": {"Type": "AWS::DynamoDB::Table", "Properties": whole}})["Table"]
    assert read(name) == ("ENABLED", "ENABLED")
    deploy({"Table": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE}})
    assert read(name) == ("DISABLED", "DISABLED")


@pytest.mark.parametrize("first", [TABLE, WITH_INDEX])
def test_an_index_is_queried_whether_made_with_the_table_or_by_an_update(first: dict[str, Any]) -> None:
    name = deploy({"Table": {"Type": "AWS::DynamoDB::Table", "Properties": first}})["Table"]
    item = {"id": {"S": "a"}, "bucket": {"S": "1"}, "end": {"N": "5"}}
    assert dynamodb._put_item({"TableName": name, "Item": item})[0] == 200
    deploy(
        {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": WITH_INDEX}}
        | ({} if first == TABLE else {"Secret": SECRET})
    )

    described = json.loads(dynamodb._describe_table({"TableName": name})[2])["Table"]["GlobalSecondaryIndexes"]
    assert [(index["IndexName"], index["IndexStatus"]) for index in described] == [("by-end", "ACTIVE")]
    assert described[0]["IndexArn"].endswith(f"table/{name}/index/by-end")
    query = {
        "TableName": name,
        "IndexName": "by-end",
        "KeyConditionExpression": "#b = :b AND #e <= :e",
        "ExpressionAttributeNames": {"#b": "bucket", "#e": "end"},
        "ExpressionAttributeValues": {":b": {"S": "1"}, ":e": {"N": "5"}},
    }
    assert json.loads(dynamodb._query(query)[2])["Items"] == [item]
