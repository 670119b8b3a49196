"""Judges what an AWS service does for itself: by the resource's policy, or with a role that it takes on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.core.responses import get_region
from ministack.services import iam

from localaws.strict import journal
from localaws.strict.iam import calls, keys
from localaws.strict.iam.policies import SERVICE, resource_policy, role_policies

DEFAULT_TOPIC_POLICY = "__default_policy_ID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An AWS service, and for which resource it calls."""

    service: str
    """Its principal, such as `events.amazonaws.com`."""
    source_account: str | None = None
    """None where the service sends none."""
    source_arn: str | None = None
    """As above."""

    @property
    def keys(self) -> dict[str, str]:
        """The condition keys that come with its calls."""
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        found = {"aws:principalservicename": self.service}
        if self.source_account:
            found["aws:sourceaccount"] = self.source_account
        if self.source_arn:
            found["aws:sourcearn"] = self.source_arn
        if self.service == "cloudwatch.amazonaws.com" and self.source_account:
            # The default policy of a topic asks for it, and lets alarms in but not EventBridge:
            # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
            found["aws:sourceowner"] = self.source_account
        return found


def may_reach(caller: Caller, action: str, arn: str) -> bool:
    """Tell whether a resource's policy, and the policy of the key that encrypts it, let a service in; note it."""
    policy = resource_policy(arn.split(":")[2], arn)
    if not _policy_allows(caller, action, arn, policy[0] if policy else None):
        return False
    key = keys.key_arn(action, arn)
    if key is None:
        return True
    of_key = resource_policy("kms", key)
    return all(_policy_allows(caller, needed, key, of_key[0] if of_key else None) for needed in keys.NEEDED[action])


def _policy_allows(caller: Caller, action: str, arn: str, policy: Any) -> bool:
    decision = iam_evaluator.evaluate_resource_policy(
        _as_aws_makes_it(policy), _context(caller, action, arn), service=caller.service
    ).decision
    refusals = {"Allow": None, "Deny": "explicit deny of the resource policy"}
    grant = {"by": "resource policy", "source": caller.source_arn}
    return _noted(action, arn, caller.service, refusals.get(decision, "resource policy"), grant)


def _as_aws_makes_it(policy: Any) -> Any:
    """Return a topic's policy; the default one that MiniStack's CloudFormation writes lacks the owner's condition."""
    document = policy if isinstance(policy, dict) else _read(policy)
    if document.get("Id") != DEFAULT_TOPIC_POLICY:
        return document
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html: the default is the owner's alone.
    account = str(document["Statement"][0]["Resource"]).split(":")[4]
    owner = {"StringEquals": {"AWS:SourceOwner": account}}
    return {**document, "Statement": [{**statement, "Condition": owner} for statement in document["Statement"]]}


def may_with_role(caller: Caller, role_arn: str, action: str, arn: str) -> bool:
    """Tell whether a service may take on a role, and the role may do this; note it."""
    trusted = _trusts(caller, role_arn)
    _noted("sts:AssumeRole", role_arn, caller.service, None if trusted else "trust policy", {"by": "trust policy"})
    return trusted and role_may(role_arn, action, arn)


def _trusts(caller: Caller, role_arn: str) -> bool:
    account, name = role_arn.split(":")[4] if role_arn else "", role_arn.rpartition("/")[2]
    role = iam._roles.get_scoped(account, None, name)
    if role is None:
        return False
    statements = _read(role.get("AssumeRolePolicyDocument")).get("Statement", [])
    # A trust policy names no resource: it is the role's own.
    policy = {"Statement": [{**statement, "Resource": "*"} for statement in statements]}
    context = _context(caller, "sts:AssumeRole", role_arn)
    return bool(iam_evaluator.evaluate_resource_policy(policy, context, service=caller.service).decision == "Allow")


def role_may(role_arn: str, action: str, arn: str, *, noted: bool = True) -> bool:
    """Tell whether a role may do something, by its own policies and the resource's; note it."""
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    context = EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{name}/service",
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=arn,
        region=get_region(),
    )
    with calls.seeing() as seen:
        result = iam_evaluator.evaluate(context, role_policies(name, account))
        service = arn.split(":")[2] if arn.startswith("arn:") else ""
        policy = resource_policy(service, arn)
        if policy is not None:
            result = iam_evaluator.combine_resource_policy(result, context, *policy, required=service == "kms")
    allowed = bool(result.decision == "Allow")
    if noted:
        refusal = None if allowed else calls.reason(result, seen.allowed_by)
        _noted(action, arn, role_arn, refusal, calls.grant(action, arn, seen.allowed_by))
    return allowed


def _context(caller: Caller, action: str, arn: str) -> EvalContext:
    return EvalContext(
        principal_arn="*",  # no principal of an account: only `*` and the service's own name match it
        principal_type=SERVICE,
        principal_account="",
        action=action,
        resource_arn=arn,
        region=get_region(),
        service_context=caller.keys,
    )


def _noted(action: str, arn: str, principal: str, refusal: str | None, grant: Mapping[str, Any]) -> bool:
    if refusal is None:
        journal.note("allowed", action=action, resource=arn, principal=principal, **grant)
    else:
        journal.note(
            "refused", action=action, resource=arn, principal=principal, reason=refusal, source=grant.get("source")
        )
    return refusal is None


def _read(policy: Any) -> dict[str, Any]:
    if isinstance(policy, dict):
        return policy
    document: dict[str, Any] = json.loads(policy) if policy else {}
    return document
