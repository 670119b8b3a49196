"""Sizes of policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html."""

from collections.abc import Mapping
from typing import Any

from ministack.services import iam

from localaws.strict.cloudformation.types import Properties, check_properties
from localaws.strict.sizes.limit import Response, compact, judged, limit

INLINE = 10_240
"""Characters of all inline policies of a role together. IAM counts no white space."""
MANAGED = 6_144
TRUST = 2_048
"""The default; 4,096 for who asks for it."""
ATTACHED = 10
"""Managed policies of a role, by default."""


def install() -> None:
    """Judge policies that come by the API or in a template."""
    judges = {
        "_put_role_policy": _judge_inline,
        "_create_policy": _judge_managed,
        "_create_policy_version": _judge_managed,
        "_create_role": _judge_new_role,
        "_update_assume_role_policy": _judge_trust,
        "_attach_role_policy": _judge_attached,
    }
    for name, judge in judges.items():
        original = getattr(iam, name)
        operation = judged(original, judge, _refusal)
        setattr(iam, name, operation)
        for action, known in iam._IAM_HANDLERS.items():
            if known is original:
                iam._IAM_HANDLERS[action] = operation
    check_properties("AWS::IAM::Role", _check_role)
    check_properties("AWS::IAM::ManagedPolicy", _check_managed)


def _refusal(message: str) -> Response:
    refused: Response = iam._error(409, "LimitExceeded", message)
    return refused


def _judge_inline(parameters: Mapping[str, Any]) -> None:
    role = iam._p(parameters, "RoleName")
    record = iam._roles.get(role) or {"InlinePolicies": {}}
    policies = {**record["InlinePolicies"], iam._p(parameters, "PolicyName"): iam._p(parameters, "PolicyDocument")}
    _limit_inline(role, list(policies.values()))


def _judge_managed(parameters: Mapping[str, Any]) -> None:
    resource = iam._p(parameters, "PolicyArn") or iam._p(parameters, "PolicyName")
    _limit_managed(resource, iam._p(parameters, "PolicyDocument"))


def _judge_new_role(parameters: Mapping[str, Any]) -> None:
    _limit_trust(iam._p(parameters, "RoleName"), iam._p(parameters, "AssumeRolePolicyDocument"))


def _judge_trust(parameters: Mapping[str, Any]) -> None:
    _limit_trust(iam._p(parameters, "RoleName"), iam._p(parameters, "PolicyDocument"))


def _judge_attached(parameters: Mapping[str, Any]) -> None:
    _limit_attached(iam._p(parameters, "RoleName"), {iam._p(parameters, "PolicyArn")})


def _check_role(id_: str, properties: Properties) -> None:
    name = properties.get("RoleName", id_)
    _limit_trust(name, properties["AssumeRolePolicyDocument"])
    _limit_inline(name, [policy["PolicyDocument"] for policy in properties.get("Policies", [])])
    arns = properties.get("ManagedPolicyArns", [])
    limit(len(arns), ATTACHED, what="managed policies", action="iam:AttachRolePolicy", resource=f"role/{name}")


def _check_managed(id_: str, properties: Properties) -> None:
    _limit_managed(properties.get("ManagedPolicyName", id_), properties["PolicyDocument"])
    for role in properties.get("Roles", []):
        _limit_attached(role, {id_})


def _limit_inline(role: str, documents: list[Any]) -> None:
    size = sum(len(compact(document)) for document in documents)
    limit(size, INLINE, what="inline policies", action="iam:PutRolePolicy", resource=f"role/{role}")


def _limit_attached(role: str, added: set[str]) -> None:
    """Judge a role's policies besides those added; an id that is no ARN is that of a policy to be made."""
    count = len({*(iam._roles.get(role) or {}).get("AttachedPolicies", ()), *added})
    limit(count, ATTACHED, what="managed policies", action="iam:AttachRolePolicy", resource=f"role/{role}")


def _limit_managed(policy: str, document: Any) -> None:
    limit(len(compact(document)), MANAGED, what="policy", action="iam:CreatePolicy", resource=f"policy/{policy}")


def _limit_trust(role: str, document: Any) -> None:
    limit(len(compact(document)), TRUST, what="trust policy", action="iam:CreateRole", resource=f"role/{role}")
