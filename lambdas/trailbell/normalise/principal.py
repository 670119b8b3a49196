"""Who acted, worked out of `userIdentity`.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.names import Names
from trailbell.normalise.role_session import RoleSession, read_role_session
from trailbell.normalise.user_agent import is_console
from trailbell.normalise.values import boolean, mapping, text
from trailbell.record import Credentials, Principal, PrincipalKind

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""What CloudTrail writes for a user name that does not exist: it may be a password in the wrong field."""
ANONYMOUS = frozenset({"ANONYMOUS_PRINCIPAL", "anonymous"})
AWS_INTERNAL = "AWS Internal"
_KEY_PREFIXES: Mapping[str, Credentials] = {"AKIA": "long-term", "ASIA": "temporary"}
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids"""
_PROGRAMS = ("Terraform", "exec-env", "Boto", "aws-sdk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The principal, and what facts tell besides."""

    principal: Principal
    session: RoleSession | None


def read_principal(record: Mapping[str, Any], names: Names) -> Identity:
    """Read who acted. Nothing in the record can make it fail."""
    identity = mapping(record.get("userIdentity"))
    type_ = text(identity.get("type")) or "Unknown"
    user_agent = text(record.get("userAgent")) or ""
    session = read_role_session(identity, user_agent) if type_ == "AssumedRole" else None
    context = mapping(identity.get("sessionContext"))
    issuer = mapping(context.get("sessionIssuer"))
    account = _account(identity)
    key = text(identity.get("accessKeyId"))
    console = _is_console(record, user_agent)
    mfa = _mfa(record, mapping(context.get("attributes")), session)
    user_name = _user_name(identity, session)
    principal = Principal(
        display=session.display if session else _display(type_, identity, names),
        type=type_,
        kind=session.kind
        if session and session.kind != "unknown"
        else _kind(type_, user_agent, console=console, mfa=mfa),
        account_id=account,
        account_name=names.accounts.get(account or ""),
        arn=text(identity.get("arn")),
        principal_id=text(identity.get("principalId")),
        user_name=user_name,
        session_name=session.session if session else None,
        session_issuer=text(issuer.get("arn")),
        source_identity=text(context.get("sourceIdentity")) or text(identity.get("sourceIdentity")),
        invoked_by=_invoked_by(identity),
        access_key_id=key,
        credentials=_KEY_PREFIXES.get((key or "")[:4]),
        mfa=mfa,
        console=console,
    )
    return Identity(principal=principal, session=session)


def _account(identity: Mapping[str, Any]) -> str | None:
    """Return the identity's account; some records name it only in the ARN."""
    account = text(identity.get("accountId"))
    if account in ANONYMOUS:
        return None
    arn_parts = (text(identity.get("arn")) or "").split(":")
    from_arn = arn_parts[4] if len(arn_parts) > 5 and arn_parts[4].isdecimal() else None  # noqa: PLR2004 - arn:p:s:r:ACCOUNT:x
    return account or from_arn


def _user_name(identity: Mapping[str, Any], session: RoleSession | None) -> str | None:
    name = session.role if session else text(identity.get("userName"))
    if name is None and ":user/" in (text(identity.get("arn")) or ""):
        name = str(identity["arn"]).rpartition("/")[2]
    return None if name == HIDDEN else name


def _invoked_by(identity: Mapping[str, Any]) -> str | None:
    """Return the service that called; console sessions say `AWS Internal`, at times with a semicolon."""
    invoked_by = text(identity.get("invokedBy"))
    return invoked_by.rstrip(";").strip() if invoked_by else None


def _display(type_: str, identity: Mapping[str, Any], names: Names) -> str:
    """Name whoever is no role session."""
    name = text(identity.get("userName"))
    if name == HIDDEN:
        return "a user whose name CloudTrail hides"
    teller = _DISPLAYS.get(type_)
    told = teller(identity, name) if teller else None
    if told:
        return told
    if text(identity.get("accountId")) in ANONYMOUS or text(identity.get("principalId")) in ANONYMOUS:
        return "an anonymous caller"
    service = _invoked_by(identity)
    if name or service:
        return name or service or ""
    account = _account(identity)
    if account and type_ in {"AWSAccount", "Unknown"}:
        label = names.accounts.get(account)
        return f"account {account} ({label})" if label else f"account {account}"
    return text(identity.get("principalId")) or "an unknown caller"


def _display_user(identity: Mapping[str, Any], name: str | None) -> str | None:
    arn = text(identity.get("arn")) or ""
    return name or (arn.rpartition("/")[2] if ":user/" in arn else None)


def _display_federated(identity: Mapping[str, Any], name: str | None) -> str | None:
    """`arn:aws:sts::111122223333:federated-user/alice`, with the user that asked for the token as issuer."""
    arn = text(identity.get("arn")) or ""
    who = arn.partition(":federated-user/")[2] or name
    issuer = text(mapping(mapping(identity.get("sessionContext")).get("sessionIssuer")).get("userName"))
    return f"{who}, federated by {issuer}" if who and issuer else who or None


def _display_token_user(identity: Mapping[str, Any], name: str | None) -> str | None:
    """Name a user of a SAML or OpenID Connect provider, while it asks for a role."""
    provider = (text(identity.get("identityProvider")) or "").rpartition("/")[2]
    principal_id = text(identity.get("principalId")) or ""
    who = name or principal_id.rpartition(":")[2]
    return f"{who} via {provider}" if who and provider else who or None


def _display_identity_center_user(identity: Mapping[str, Any], name: str | None) -> str | None:
    user_id = text(mapping(identity.get("onBehalfOf")).get("userId"))
    return name or (f"Identity Center user {user_id}" if user_id else "an Identity Center user")


def _display_role(identity: Mapping[str, Any], name: str | None) -> str | None:
    who = name or (text(identity.get("arn")) or "").rpartition("/")[2]
    return f"role {who}" if who else None


_DISPLAYS: Mapping[str, Callable[[Mapping[str, Any], str | None], str | None]] = {
    "Root": lambda identity, name: "root",  # noqa: ARG005 - a user name here is the account's alias
    "IAMUser": _display_user,
    "FederatedUser": _display_federated,
    "SAMLUser": _display_token_user,
    "WebIdentityUser": _display_token_user,
    "IdentityCenterUser": _display_identity_center_user,
    "Role": _display_role,
    "Directory": lambda identity, name: f"directory user {name}" if name else None,  # noqa: ARG005
}


def _kind(type_: str, user_agent: str, *, console: bool, mfa: bool | None) -> PrincipalKind:
    """Tell people from programs, as far as the record shows it."""
    if type_ == "AWSService":
        return "service"
    if console or mfa or type_ in {"Root", "SAMLUser", "IdentityCenterUser", "Directory"}:
        return "human"
    if type_ in {"IAMUser", "AssumedRole", "FederatedUser"}:
        if "aws-cli/" in user_agent or "PowerShell" in user_agent:
            return "human" if type_ == "IAMUser" else "unknown"
        return "machine" if any(mark in user_agent for mark in _PROGRAMS) else "unknown"
    return "unknown"


def _is_console(record: Mapping[str, Any], user_agent: str) -> bool:
    """Tell whether the call was made through the console.

    `sessionCredentialFromConsole` says so since eventVersion 1.08:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """
    if boolean(record.get("sessionCredentialFromConsole")):
        return True
    return text(record.get("eventType")) in {"AwsConsoleSignIn", "AwsConsoleAction"} or is_console(user_agent)


def _mfa(record: Mapping[str, Any], attributes: Mapping[str, Any], session: RoleSession | None) -> bool | None:
    """Tell whether MFA was used; None where AWS cannot know, as with sessions that somebody else signed in."""
    used = text(mapping(record.get("additionalEventData")).get("MFAUsed"))
    if used in {"Yes", "No"}:
        told: bool | None = used == "Yes"
    else:
        told = boolean(attributes.get("mfaAuthenticated"))
    if told is False and session and (session.federated or session.service_linked or session.kind == "machine"):
        return None
    return told
