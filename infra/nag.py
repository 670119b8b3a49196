"""Argues, beside the resource, where it differs from cdk-nag's AwsSolutions pack."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

PACK = "AwsSolutions"


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept a finding of `rule` (such as `AwsSolutions-SQS3`) on `construct` and what is below it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=f"{PACK}::{rule}", reason=reason))
