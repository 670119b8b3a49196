"""Argues, beside the resource, where it differs from cdk-nag's AwsSolutions pack."""

from collections.abc import Iterable
from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct

PACK = "AwsSolutions"


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept a finding of `rule` (such as `AwsSolutions-SQS3`) on `construct` and what is below it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=f"{PACK}::{rule}", reason=reason))


def acknowledge_wildcards(construct: IConstruct, resources: Iterable[str], reason: str) -> None:
    """Accept those of the resources of a policy on `construct` that end in a wildcard."""
    stack = Stack.of(construct)
    for resource in sorted({resource for resource in resources if resource.endswith("*")}):
        acknowledge(construct, f"AwsSolutions-IAM5[Resource::{_flat(stack.resolve(resource))}]", reason)


def _flat(value: Any) -> str:
    """Write a resolved ARN as cdk-nag does in the names of its findings: references in angle brackets."""
    if isinstance(value, dict) and "Ref" in value:
        return f"<{value['Ref']}>"
    if isinstance(value, dict) and "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(map(_flat, parts))
    return str(value)
