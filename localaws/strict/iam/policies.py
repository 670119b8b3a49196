"""Policies as AWS reads them: parsed once, each statement knowing whence it comes, and the keys of conditions."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, ParsedStatement
from ministack.services import dynamodb, eventbridge, iam, s3

SERVICE = "Service"
"""The type of principal that an AWS service is."""


@dataclass
class Grant(ParsedStatement):  # type: ignore[misc] # MiniStack has no type hints
    """A statement of a role's policy."""

    policy: str = ""
    index: int = 0
    """Which statement of the policy it is."""


_parse = iam_evaluator.parse_policy_document
_condition_key = iam_evaluator._resolve_condition_key
_resource_policy = iam_evaluator._resource_policy


@lru_cache(maxsize=4096)
def _parsed(document: str) -> list[ParsedStatement]:
    statements: list[ParsedStatement] = _parse(document)
    return statements


def parse(document: Any) -> list[ParsedStatement]:
    """Parse a policy, once for each text; the list is the cache's own."""
    return _parsed(document if isinstance(document, str) else json.dumps(document, default=str))


@lru_cache(maxsize=4096)
def _grants(policy: str, document: str) -> list[Grant]:
    return [Grant(**vars(statement), policy=policy, index=index) for index, statement in enumerate(_parsed(document))]


def role_policies(role_name: str, account: str) -> list[list[Grant]]:
    """Return the statements of a role's inline and attached policies."""
    role = iam._roles.get_scoped(account, None, role_name)
    if role is None:
        return []
    documents = dict(role.get("InlinePolicies") or {})
    for arn in role.get("AttachedPolicies", []):
        documents[arn] = iam_evaluator._resolve_managed_policy_document(arn, account)
    return [
        _grants(name, document if isinstance(document, str) else json.dumps(document, default=str))
        for name, document in documents.items()
        if document
    ]


def role_arn(principal: str) -> str:
    """Return the ARN by which conditions know a principal: of a session, that of its role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """
    if ":assumed-role/" not in principal:
        return principal
    account, role = principal.split(":")[4], principal.split("/")[1]
    found = iam._roles.get_scoped(account, None, role) or {}
    return str(found.get("Arn") or f"arn:aws:iam::{account}:role/{role}")


def bucket_owner(arn: str) -> str | None:
    """Return the account of a bucket, whose ARN does not name it; None where there is no such bucket."""
    bucket = arn.removeprefix("arn:aws:s3:::").partition("/")[0]
    return next((account for account, name in s3._buckets._data if name == bucket), None)


def condition_key(key: str, context: EvalContext) -> Any:
    """Return the value of a condition key in this context; None where it has none."""
    name = key.lower()
    is_service = context.principal_type == SERVICE
    if name == "aws:principalarn":
        # A service that calls for itself has no ARN, account or type of principal.
        return None if is_service else role_arn(context.principal_arn)
    if name == "aws:principalisawsservice":
        return str(is_service).lower()
    if is_service and name in {"aws:principalaccount", "aws:principaltype", "aws:principalorgid"}:
        return None
    if name in {"aws:resourceaccount", "s3:resourceaccount"} and context.resource_arn.startswith("arn:aws:s3:::"):
        return bucket_owner(context.resource_arn) or context.principal_account
    return _condition_key(key, context)


def resource_policy(service: str, arn: str) -> tuple[Any, str | None] | None:
    """Return the policy of a resource and its account; None where it has none. MiniStack omits buses and tables."""
    account = arn.split(":")[4] if arn.count(":") >= 5 else None  # noqa: PLR2004 - the parts of an ARN
    if service == "dynamodb":
        table = arn.partition("/index/")[0]
        stored = dynamodb._resource_policies.get_scoped(account, arn.split(":")[3], table)
        return (stored["Policy"], account) if stored else None
    if service == "events" and ":event-bus/" in arn:
        # Across accounts nothing is allowed without one: `None` would leave it to the caller's own policies.
        return eventbridge._event_bus_policies.get_scoped(account, arn.split(":")[3], arn.rpartition("/")[2]), account
    found: tuple[Any, str | None] | None = _resource_policy(service, arn)
    return found


def install() -> None:
    """Let MiniStack's evaluator read policies so."""
    iam_evaluator.parse_policy_document = parse
    iam_evaluator._gather_role_policies = role_policies
    iam_evaluator._resolve_condition_key = condition_key
    iam_evaluator._resource_policy = resource_policy
