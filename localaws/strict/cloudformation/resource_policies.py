"""Resource policies that templates hold and MiniStack's CloudFormation refuses or drops.

Functions, secrets and tables; each ends where MiniStack's own API keeps what it judges by.
"""

import json
from typing import Any

from ministack.services import dynamodb, secretsmanager
from ministack.services.cloudformation import provisioners

from localaws.strict.cloudformation.types import Made, Properties, answer, document, handlers, register
from localaws.strict.sizes.functions import limit_policy


def install() -> None:
    """Let templates hold them."""
    register(
        "AWS::Lambda::ResourcePolicy",
        create=_create_function_policy,
        update=_update_function_policy,
        delete=_delete_function_policy,
        replacing=("ResourceArn",),
    )
    register(
        "AWS::SecretsManager::ResourcePolicy",
        create=_create_secret_policy,
        update=_update_secret_policy,
        delete=_delete_secret_policy,
        replacing=("SecretId",),
    )
    _wrap_tables()


def _create_function_policy(logical_id: str, properties: Properties, stack_name: str) -> Made:
    """Put the policy in place of the function's whole one, as PutResourcePolicy does.

    https://docs.aws.amazon.com/cli/latest/reference/lambda/put-resource-policy.html: what AddPermission, and with it
    AWS::Lambda::Permission, added before is overwritten.
    """
    del logical_id, stack_name
    arn = properties["ResourceArn"]
    statements = json.loads(document(properties["PolicyDocument"]))["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    limit_policy(arn, listed)
    policy = _function(arn)["policy"]
    policy["Statement"] = [*_others(policy["Statement"], arn), *listed]
    return arn, {}


def _update_function_policy(
    physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str
) -> Made:
    del physical_id, old
    return _create_function_policy(logical_id, new, stack_name)


def _delete_function_policy(physical_id: str, properties: Properties) -> None:
    del properties
    # The function may be gone already; its policy went with it.
    function, *_ = provisioners._lambda_function_for_cfn_ref(physical_id)
    if function is not None:
        function["policy"]["Statement"] = _others(function["policy"]["Statement"], physical_id)


def _others(statements: list[dict[str, Any]], arn: str) -> list[dict[str, Any]]:
    """Return the statements of the function's other versions and aliases: each has a policy of its own."""
    return [statement for statement in statements if statement.get("Resource") != arn]


def _function(arn: str) -> dict[str, Any]:
    function: dict[str, Any] | None
    function, *_ = provisioners._lambda_function_for_cfn_ref(arn)
    if function is None:
        raise ValueError(f"ResourceNotFoundException: Function not found: {arn}")
    return function


def _create_secret_policy(logical_id: str, properties: Properties, stack_name: str) -> Made:
    del logical_id, stack_name
    body = {"SecretId": properties["SecretId"], "ResourcePolicy": document(properties["ResourcePolicy"])}
    arn = answer(secretsmanager._put_resource_policy(body))["ARN"]
    return arn, {"Id": arn}


def _update_secret_policy(physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str) -> Made:
    del physical_id, old
    return _create_secret_policy(logical_id, new, stack_name)


def _delete_secret_policy(physical_id: str, properties: Properties) -> None:
    del properties
    response = secretsmanager._delete_resource_policy({"SecretId": physical_id})
    if b"ResourceNotFoundException" not in response[2]:
        answer(response)


def _wrap_tables() -> None:
    """Set what MiniStack leaves out of a table: its policy, its time to live and its point-in-time recovery."""
    table = handlers("AWS::DynamoDB::Table")
    create, update, delete = table["create"], table["update"], table["delete"]

    def create_whole(logical_id: str, properties: Properties, stack_name: str) -> Made:
        made: Made = create(logical_id, properties, stack_name)
        _finish_table(made, {}, properties)
        return made

    def update_whole(
        physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str | None = None
    ) -> Made:
        made: Made = update(physical_id, old, new, stack_name, logical_id)
        _finish_table(made, old if made[0] == physical_id else {}, new)
        return made

    def delete_whole(physical_id: str, properties: Properties) -> None:
        found = dynamodb._tables.get(physical_id)
        delete(physical_id, properties)
        dynamodb._ttl_settings.pop(physical_id, None)
        dynamodb._pitr_settings.pop(physical_id, None)
        if found is not None:
            dynamodb._resource_policies.pop(found["TableArn"], None)

    table.update(create=create_whole, update=update_whole, delete=delete_whole)


def _finish_table(made: Made, old: Properties, new: Properties) -> None:
    name, attributes = made
    for index in dynamodb._tables[name].get("GlobalSecondaryIndexes") or []:
        index.setdefault("IndexStatus", "ACTIVE")
        index.setdefault("IndexArn", f"{attributes['Arn']}/index/{index['IndexName']}")
    expiry = new.get("TimeToLiveSpecification")
    if expiry or old.get("TimeToLiveSpecification"):
        off = {**old.get("TimeToLiveSpecification", {}), "Enabled": False}
        answer(dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": expiry or off}))
    recovery = new.get("PointInTimeRecoverySpecification") or {"PointInTimeRecoveryEnabled": False}
    answer(dynamodb._update_continuous_backups({"TableName": name, "PointInTimeRecoverySpecification": recovery}))
    policy = new.get("ResourcePolicy")
    if policy:
        put = {"ResourceArn": attributes["Arn"], "Policy": document(policy["PolicyDocument"])}
        answer(dynamodb._put_resource_policy(put))
    elif old.get("ResourcePolicy"):
        answer(dynamodb._delete_resource_policy({"ResourceArn": attributes["Arn"]}))
