"""What to call whoever is no role session: users, root, other accounts, services.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from trailbell.call.values import boolean, mapping, text
from trailbell.names import Names
from trailbell.read.principal.role_session import name_token_user

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""What CloudTrail writes for a user name that does not exist: it may be a password in the wrong field."""
_ANONYMOUS = frozenset({"anonymous_principal", "anonymous"})

_Teller = Callable[[Mapping[str, Any], Mapping[str, Any], str | None], str | None]


def display_principal(type_: str, record: Mapping[str, Any], names: Names) -> str:
    """Name whoever is no role session."""
    identity = mapping(record.get("userIdentity"))
    name = read_user_name(record)
    if name == HIDDEN:
        return "a user whose name CloudTrail hides"
    teller = _TELLERS.get(type_)
    told = teller(identity, record, name) if teller else None
    if told:
        return told
    if is_anonymous(identity.get("accountId")) or is_anonymous(identity.get("principalId")):
        return "an anonymous caller"
    service = read_invoked_by(identity)
    if name or service:
        return name or service or ""
    account = read_account(identity)
    if account and type_ in {"AWSAccount", "Unknown"}:
        return name_account(account, names)
    return text(identity.get("principalId")) or "an unknown caller"


def name_account(account: str, names: Names) -> str:
    """Return an account's id, with the name that the config gives it."""
    label = names.accounts.get(account)
    return f"account {account} ({label})" if label else f"account {account}"


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
    """Return the user's name, HIDDEN included.

    IAM Identity Center tells it once a sign-in, and beside the identity:
    https://docs.aws.amazon.com/singlesignon/latest/userguide/username-sign-in-cloudtrail-events.html
    """
    identity = mapping(record.get("userIdentity"))
    name = text(identity.get("userName"))
    if name is None and ":user/" in (text(identity.get("arn")) or ""):
        return str(identity["arn"]).rpartition("/")[2] or None
    if name is None and text(identity.get("type")) in {"IdentityCenterUser", "Unknown"}:
        return text(mapping(record.get("additionalEventData")).get("UserName"))
    return name


def read_invoked_by(identity: Mapping[str, Any]) -> str | None:
    """Return the service that called; console sessions say `AWS Internal`, at times with a semicolon."""
    invoked_by = text(identity.get("invokedBy"))
    return text(invoked_by.rstrip(";").strip()) if invoked_by else None


def acts_for_root(identity: Mapping[str, Any]) -> bool:
    """Tell whether a service called as root: without keys, as services did before they had roles of their own."""
    return text(identity.get("type")) == "Root" and not text(identity.get("accessKeyId")) and _is_service(identity)


def _is_service(identity: Mapping[str, Any]) -> bool:
    return (read_invoked_by(identity) or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))


def _root(identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str:  # noqa: ARG001 - see below
    """Say only `root`: a user name here is the account's alias."""
    if acts_for_root(identity):
        return f"root, through {read_invoked_by(identity)}"
    assumed = boolean(mapping(identity.get("sessionContext")).get("assumedRoot"))
    return "root, by AssumeRoot" if assumed else "root"


def _federated(identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:  # noqa: ARG001
    """`arn:aws:sts::111122223333:federated-user/alice`, with the user that asked for the token as issuer."""
    arn = text(identity.get("arn")) or ""
    who = arn.partition(":federated-user/")[2] or name
    issuer = mapping(mapping(identity.get("sessionContext")).get("sessionIssuer"))
    by = text(issuer.get("userName")) or ("root" if text(issuer.get("type")) == "Root" else None)
    return f"{who}, federated by {by}" if who and by else who or None


def _saml(identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:
    """Name a person who asks for a role with SAML.

    `identityProvider` is a hash; the provider's name is in the request.
    """
    who = name or (text(identity.get("principalId")) or "").partition(":")[2]
    provider = (text(mapping(record.get("requestParameters")).get("principalArn")) or "").partition(":saml-provider/")[
        2
    ]
    return f"{who} via SAML {provider}".rstrip() if who else None


def _web_identity(identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:  # noqa: ARG001
    """Name a user of an OpenID Connect provider who asks for a role."""
    provider = text(identity.get("identityProvider")) or ""
    provider = provider.partition(":oidc-provider/")[2] or provider
    who = name or (text(identity.get("principalId")) or "").rpartition(":")[2]
    if known := name_token_user(provider, who):
        return known
    return f"{who} via {provider}" if who and provider else who or None


def _identity_center(identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str:  # noqa: ARG001
    user_id = text(mapping(identity.get("onBehalfOf")).get("userId"))
    return name or (f"Identity Center user {user_id}" if user_id else "an Identity Center user")


def _role(identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:  # noqa: ARG001
    who = name or (text(identity.get("arn")) or "").rpartition("/")[2]
    return f"role {who}" if who else None


def _directory(identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:  # noqa: ARG001
    return f"directory user {name}" if name else None


_TELLERS: Mapping[str, _Teller] = {
    "Root": _root,
    "FederatedUser": _federated,
    "SAMLUser": _saml,
    "WebIdentityUser": _web_identity,
    "IdentityCenterUser": _identity_center,
    "Role": _role,
    "Directory": _directory,
}
"""How to name each type that has more to tell than a user name; all take identity, record and user name."""
