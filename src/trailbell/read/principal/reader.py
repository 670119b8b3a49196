"""Who acted, worked out of `userIdentity`.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.call.values import boolean, mapping, text
from trailbell.names import Names
from trailbell.read.principal.fields import HIDDEN, is_anonymous, name_account, read_account, read_invoked_by
from trailbell.read.principal.identity_type import IdentityType
from trailbell.read.principal.registry import find_identity_type
from trailbell.read.principal.role_session import RoleSession
from trailbell.read.user_agent import is_console
from trailbell.record import Credentials, Principal

_KEY_PREFIXES: Mapping[str, Credentials] = {"AKIA": "long-term", "ASIA": "temporary"}
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The principal, and what facts tell besides."""

    principal: Principal
    session: RoleSession | None
    delegate_account_id: str | None
    """The product provider to whom the principal's access was delegated for a while.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-cloudtrail.html
    """


def read_principal(record: Mapping[str, Any], names: Names) -> Identity:
    """Read who acted. Nothing in the record can make it fail."""
    identity = mapping(record.get("userIdentity"))
    name = text(identity.get("type")) or "Unknown"
    type_ = find_identity_type(name)
    user_agent = text(record.get("userAgent")) or ""
    session = type_.session(identity, user_agent)
    context = mapping(identity.get("sessionContext"))
    account = read_account(identity)
    key = text(identity.get("accessKeyId"))
    console = _is_console(record, user_agent, key)
    mfa = _mfa(record, mapping(context.get("attributes")), session)
    delegate = text(mapping(identity.get("invokedByDelegate")).get("accountId"))
    user_name = session.role if session else type_.user_name(record)
    principal = Principal(
        display=(session.display if session else _display(type_, record, names))
        + (_elsewhere(account, text(record.get("recipientAccountId")), names) if type_.of_an_account else "")
        + (f", delegated to {name_account(delegate, names)}" if delegate else ""),
        type=name,
        kind=session.kind
        if session and session.kind != "unknown"
        else type_.kind(identity, user_agent, by_person=bool(console or mfa)),
        account_id=account,
        account_name=names.accounts.get(account or ""),
        arn=text(identity.get("arn")),
        principal_id=text(identity.get("principalId")),
        user_name=None if user_name == HIDDEN else user_name,
        session_name=session.session if session else None,
        session_issuer=text(mapping(context.get("sessionIssuer")).get("arn")),
        source_identity=text(context.get("sourceIdentity")) or text(identity.get("sourceIdentity")),
        invoked_by=read_invoked_by(identity),
        access_key_id=key,
        credentials=_KEY_PREFIXES.get((key or "")[:4]),
        mfa=mfa,
        console=console,
    )
    return Identity(principal=principal, session=session, delegate_account_id=delegate)


def _display(type_: IdentityType, record: Mapping[str, Any], names: Names) -> str:
    """Name whoever is no role session."""
    identity = mapping(record.get("userIdentity"))
    name = type_.user_name(record)
    if name == HIDDEN:
        return "a user whose name CloudTrail hides"
    if told := type_.display(identity, record, name):
        return told
    if is_anonymous(identity.get("accountId")) or is_anonymous(identity.get("principalId")):
        return "an anonymous caller"
    if who := name or read_invoked_by(identity):
        return who
    return type_.display_nameless(identity, names) or text(identity.get("principalId")) or "an unknown caller"


def _elsewhere(account: str | None, called: str | None, names: Names) -> str:
    """Say the account of an identity that is not of the called account."""
    if account is None or called is None or account == called:
        return ""
    return f" of {name_account(account, names)}"


def _is_console(record: Mapping[str, Any], user_agent: str, key: str | None) -> bool:
    """Tell whether the call was made through the console.

    `sessionCredentialFromConsole` says so since eventVersion 1.08:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    Before that the user agent told, which callers choose; but the console never uses a user's own long-term key, so
    with one (which has no session) the user agent is not believed.
    """
    if boolean(record.get("sessionCredentialFromConsole")):
        return True
    has_session = bool(mapping(mapping(record.get("userIdentity")).get("sessionContext")))
    if (key or "").startswith("AKIA") and not has_session:
        return False
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
