"""What MiniStack's CloudFormation leaves out and judging needs: keys of topics, ARNs of secrets, the stack's role."""

from collections.abc import Callable
from typing import Any

from ministack.services import secretsmanager, sns
from ministack.services.cloudformation import custom_resource, provisioners

from localaws.strict.iam.requests import deployment_roles
from localaws.strict.iam.services import role_may

Attributes = dict[str, Any]
_HANDLERS = provisioners._RESOURCE_HANDLERS
_before: dict[str, Callable[..., Any]] = {}
"""What stood where this stands now, by name."""


def custom(request: str, logical_id: str, properties: dict[str, Any], stack: str, *arguments: Any, **named: Any) -> Any:
    """Call the function of a custom resource, where the stack's role may."""
    role, function = deployment_roles.get(stack), str(properties.get("ServiceToken", ""))
    if role and function.startswith("arn:") and not role_may(role, "lambda:InvokeFunction", function):
        raise ValueError(f"{role} is not authorized to perform: lambda:InvokeFunction on resource: {function}")
    return _before["invoke"](request, logical_id, properties, stack, *arguments, **named)


def _keep_key(
    provision: Callable[..., tuple[str, Attributes]], properties_at: int
) -> Callable[..., tuple[str, Attributes]]:
    """Let a topic keep the key that encrypts it."""

    def provisioned(*arguments: Any, **named: Any) -> tuple[str, Attributes]:
        arn, attributes = provision(*arguments, **named)
        kept = sns._topics[arn]["attributes"]
        kept["KmsMasterKeyId"] = arguments[properties_at].get("KmsMasterKeyId", "")
        return arn, attributes

    return provisioned


def _name(id_: str) -> str:
    found = secretsmanager._resolve(id_)[1]
    return str(found["Name"]) if found else id_


def _create_secret(*arguments: Any) -> tuple[str, Attributes]:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html:
    # `Ref` is the ARN, random characters and all.
    _, attributes = _before["create"](*arguments)
    return attributes["Arn"], attributes


def _update_secret(id_: str, *arguments: Any, **named: Any) -> tuple[str, Attributes]:
    _, attributes = _before["update"](_name(id_), *arguments, **named)
    return attributes["Arn"], attributes


def _delete_secret(id_: str, properties: dict[str, Any]) -> None:
    _before["delete"](_name(id_), properties)


def install() -> None:
    """Let MiniStack's CloudFormation keep what it leaves out."""
    _before.update(_HANDLERS["AWS::SecretsManager::Secret"], invoke=custom_resource.invoke_custom_resource)
    custom_resource.invoke_custom_resource = custom
    topic = _HANDLERS["AWS::SNS::Topic"]
    topic["create"], topic["update"] = _keep_key(topic["create"], 1), _keep_key(topic["update"], 2)
    _HANDLERS["AWS::SecretsManager::Secret"].update(create=_create_secret, update=_update_secret, delete=_delete_secret)
