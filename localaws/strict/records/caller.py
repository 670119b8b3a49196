"""Who called, as a record's `userIdentity` says it.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ministack.core.iam_evaluator import resolve_caller_identity
from ministack.services import iam

_ASSUMED = ":assumed-role/"
_USER = ":user/"
_FEDERATED = ":federated-user/"


def user_identity(access_key: str) -> dict[str, Any] | None:
    """Return the caller of the request that is being served, None where MiniStack knows no such key."""
    found = resolve_caller_identity(access_key)
    if found is None:
        return None
    arn, account, session = found["userArn"], found["accountId"], found["session"]
    common = {"principalId": found["userId"], "arn": arn, "accountId": account, "accessKeyId": access_key}
    if _ASSUMED in arn:
        return {"type": "AssumedRole", **common, "sessionContext": _role_context(arn, account, session or {})}
    if _FEDERATED in arn:
        return {"type": "FederatedUser", **common, "sessionContext": {"attributes": _attributes(session or {})}}
    if _USER in arn:
        context = {"sessionContext": {"attributes": _attributes(session)}} if session else {}
        return {"type": "IAMUser", **common, "userName": arn.rsplit("/", 1)[-1], **context}
    return {"type": "Root", **common}


def _role_context(arn: str, account: str, session: Mapping[str, Any]) -> dict[str, Any]:
    name = arn.split(_ASSUMED, 1)[1].split("/", 1)[0]
    # A role is asked for, because its path stands in its own ARN alone.
    role = iam._roles.get_scoped(account, None, name) or {}
    issuer = {
        "type": "Role",
        "principalId": role.get("RoleId") or str(session.get("UserId", "")).split(":", 1)[0],
        "arn": role.get("Arn") or f"arn:aws:iam::{account}:role/{name}",
        "accountId": account,
        "userName": name,
    }
    return {"sessionIssuer": issuer, "attributes": _attributes(session)}


def _attributes(session: Mapping[str, Any]) -> dict[str, str]:
    issued = session.get("IssuedAt")
    created = {"creationDate": f"{datetime.fromtimestamp(issued, UTC):%Y-%m-%dT%H:%M:%SZ}"} if issued else {}
    return {**created, "mfaAuthenticated": "false"}
