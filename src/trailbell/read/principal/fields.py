"""Reads `userIdentity`: what holds for identities of every type.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.call.values import mapping, text

if TYPE_CHECKING:
    from trailbell.names import Names

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""What CloudTrail writes for a user name that does not exist: it may be a password in the wrong field."""
_ANONYMOUS = frozenset({"anonymous_principal", "anonymous"})


def name_account(account: str, names: "Names") -> str:
    """Return an account's id, with the name that the config gives it."""
    label = names.accounts.get(account)
    return f"account {account} ({label})" if label else f"account {account}"


def name_own_account(identity: Mapping[str, Any], names: "Names") -> str | None:
    """Name the identity's account, if it has one."""
    account = read_account(identity)
    return name_account(account, names) if account else None


def is_anonymous(value: object) -> bool:
    """Tell whether an id is what AWS writes for callers without credentials."""
    return isinstance(value, str) and value.lower() in _ANONYMOUS


def read_account(identity: Mapping[str, Any]) -> str | None:
    """Return the identity's account; some records name it only in the ARN."""
    account = text(identity.get("accountId"))
    if is_anonymous(account):
        return None
    _, _, _, _, from_arn, *_ = [*(text(identity.get("arn")) or "").split(":"), *[""] * 5]
    return account or (from_arn if from_arn.isdecimal() else None)


def read_user_name(record: Mapping[str, Any]) -> str | None:
    """Return the user's name, HIDDEN included."""
    identity = mapping(record.get("userIdentity"))
    name = text(identity.get("userName"))
    if name is None and ":user/" in (text(identity.get("arn")) or ""):
        return str(identity["arn"]).rpartition("/")[2] or None
    return name


def read_signed_in_name(record: Mapping[str, Any]) -> str | None:
    """Return the user's name that IAM Identity Center tells beside the identity, once a sign-in.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/username-sign-in-cloudtrail-events.html
    """
    return text(mapping(record.get("additionalEventData")).get("UserName"))


def read_invoked_by(identity: Mapping[str, Any]) -> str | None:
    """Return the service that called; console sessions say `AWS Internal`, at times with a semicolon."""
    invoked_by = text(identity.get("invokedBy"))
    return text(invoked_by.rstrip(";").strip()) if invoked_by else None


def is_service(invoked_by: str | None) -> bool:
    """Tell whether that names a service, and not AWS at large."""
    return (invoked_by or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))
