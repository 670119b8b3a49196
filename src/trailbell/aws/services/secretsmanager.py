"""Secrets Manager: `secretsmanager.amazonaws.com`."""

from trailbell.aws.commands import fill_command
from trailbell.aws.service import Service
from trailbell.call.lookup import Call

SUFFIX_LENGTH = 7
"""A dash and six random characters, which Secrets Manager puts behind a secret's name in its ARN."""


def secret_name(_kind: str, rest: str) -> str:
    """Return the name without the random suffix."""
    return rest[:-SUFFIX_LENGTH] if len(rest) > SUFFIX_LENGTH and rest[-SUFFIX_LENGTH] == "-" else rest


def restore_secret(call: Call) -> list[str] | None:
    """Take back a deletion that waits; one that was forced is done."""
    if call.request.get("forceDeleteWithoutRecovery"):
        return None
    return fill_command("secretsmanager restore-secret --secret-id {secretId}", call)


SERVICE = Service(
    source="secretsmanager",
    name="Secrets Manager",
    members={"AWS::SecretsManager::Secret": "secretid ^name ^arn secretarn"},
    arn_types={"secret": "AWS::SecretsManager::Secret"},
    arn_id=secret_name,
    pages={"AWS::SecretsManager::Secret": "secretsmanager/secret?name={id}&region={region}"},
    sentences={
        "CreateSecret": "create secret {name}",
        "GetSecretValue": "read secret {#secretId}",
        "PutSecretValue": "change the value of secret {#secretId}",
        "DeleteSecret": "delete secret {#secretId}",
        "PutResourcePolicy": "change who may use secret {#secretId}",
    },
    undo={"DeleteSecret": restore_secret},
)
