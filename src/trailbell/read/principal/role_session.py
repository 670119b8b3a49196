"""What a role session is: a person, an instance, a function, a build, named as people know it.

Session names and ARNs are what AWS documents for each kind of session:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.call.values import mapping, text
from trailbell.record import PrincipalKind

_SSO_ROLE = re.compile(r"AWSReservedSSO_(?P<set>.+)_[0-9a-f]{16}")
_INSTANCE = re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_ECS_TASK = re.compile(r"[0-9a-f]{32}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_GITHUB = "token.actions.githubusercontent.com"
_SERVICE_ACCOUNT = "system:serviceaccount:"
_EKS_HOST = re.compile(r"oidc\.eks(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)")
_SERVICE_LINKED_PREFIX = "AWSServiceRoleFor"
_SERVICE_LINKED_PATH = ":role/aws-service-role/"
_SSO_PATH = ":role/aws-reserved/sso.amazonaws.com/"
"""Nobody but AWS makes roles under these two paths, while a name alone may be anybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSession:
    """One role session."""

    role: str | None
    session: str | None
    issuer_arn: str | None
    """The role's own ARN, with its path."""
    display: str
    kind: PrincipalKind
    sso: bool = False
    service_linked: bool = False
    federated: bool = False
    """The identity provider saw to MFA, if anyone: STS does not know."""
    instance_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What a role session is called, before anyone knows what it is."""

    role: str | None
    session: str | None
    issuer_arn: str | None

    def told(self, display: str, kind: PrincipalKind, **more: Any) -> RoleSession:
        """Return the session, now that it is known."""
        return RoleSession(
            role=self.role, session=self.session, issuer_arn=self.issuer_arn, display=display, kind=kind, **more
        )


def read_role_session(identity: Mapping[str, Any], user_agent: str) -> RoleSession:
    """Read the `userIdentity` of an assumed role."""
    context = mapping(identity.get("sessionContext"))
    issuer = mapping(context.get("sessionIssuer"))
    arn = text(identity.get("arn")) or ""
    from_arn = arn.split("/", 2)[1:] if ":assumed-role/" in arn else []
    principal_id = text(identity.get("principalId")) or ""
    role = text(issuer.get("userName")) or (from_arn[0] if from_arn else None)
    session = (from_arn[1] if len(from_arn) > 1 else None) or principal_id.partition(":")[2] or None
    named = _Names(role=role, session=session, issuer_arn=text(issuer.get("arn")))
    return (
        _managed_session(named)
        or _web_identity_session(named, mapping(context.get("webIdFederationData")))
        or _compute_session(named, mapping(identity.get("inScopeOf")), user_agent)
        or _plain_session(named)
    )


def _managed_session(named: _Names) -> RoleSession | None:
    """Tell a session of a role that AWS itself made: IAM Identity Center's, or a service-linked one."""
    role, session = named.role, named.session
    sso = _SSO_ROLE.fullmatch(role or "")
    if sso and _is_under(_SSO_PATH, named):
        who = session or "somebody"
        return named.told(f"{who} via SSO {sso['set']}", "human", sso=True, federated=True)
    if (role or "").startswith(_SERVICE_LINKED_PREFIX) and _is_under(_SERVICE_LINKED_PATH, named):
        return named.told(f"service-linked role {role}", "service", service_linked=True)
    return None


def _is_under(path: str, named: _Names) -> bool:
    """Tell whether the role is under a path of AWS's; where the record has no ARN of the role, its name must do."""
    return named.issuer_arn is None or path in named.issuer_arn


def _web_identity_session(named: _Names, federation: Mapping[str, Any]) -> RoleSession | None:
    """Tell a session that an OpenID Connect token opened: GitHub Actions, EKS service accounts, others."""
    provider = text(federation.get("federatedProvider"))
    if provider is None:
        return None
    issuer = provider.partition(":oidc-provider/")[2] or provider
    subject = ""
    for key, value in mapping(federation.get("attributes")).items():
        if str(key).endswith(":sub") or key == "sub":
            subject = text(value) or ""
    told = subject or named.session or "somebody"
    who = name_token_user(issuer, told) or f"{told} of {issuer}"
    kind: PrincipalKind = "human" if _EMAIL.fullmatch(subject or named.session or "") else "machine"
    return named.told(_via_role(who, named.role), kind, federated=True)


def name_token_user(issuer: str, subject: str) -> str | None:
    """Name the subject of a token whose issuer (a host, at times with a path) is known to be a machine's; else None."""
    host = issuer.partition("/")[0]
    if host == _GITHUB and subject:
        return f"GitHub Actions {subject.removeprefix('repo:').partition(':')[0]}"
    if _EKS_HOST.fullmatch(host) and subject.startswith(_SERVICE_ACCOUNT):
        return f"EKS service account {subject.removeprefix(_SERVICE_ACCOUNT).replace(':', '/')}"
    return None


def _compute_session(named: _Names, scope: Mapping[str, Any], user_agent: str) -> RoleSession | None:
    """Tell a session that an instance, a function, a task or a pod got from AWS."""
    role, session = named.role, named.session or ""
    issuer_type = text(scope.get("issuerType")) or ""
    issued_to = (text(scope.get("credentialsIssuedTo")) or "").rpartition("/")[2]
    # A function's ARN may go on with its version or alias.
    issued_to = issued_to.partition(":function:")[2].partition(":")[0] or issued_to.rpartition(":")[2]
    if _INSTANCE.fullmatch(session):
        who = _via_role(f"instance {session}", role)
        return named.told(who, "machine", instance_id=session)
    if issuer_type == "AWS::Lambda::Function" or "exec-env/AWS_Lambda_" in user_agent:
        return named.told(_via_role(f"function {issued_to or session}", role), "machine")
    if issuer_type.startswith("AWS::ECS::") or _ECS_TASK.fullmatch(session):
        return named.told(_via_role(f"ECS task {session[:8]}", role), "machine")
    if issuer_type.startswith("AWS::EKS::") or session.startswith("eks-"):
        return named.told(_via_role(f"EKS pod {issued_to or session}", role), "machine")
    return None


def _plain_session(named: _Names) -> RoleSession:
    role, session = named.role, named.session
    if session and _EMAIL.fullmatch(session):
        return named.told(_via_role(session, role), "human")
    if role is None:
        return named.told(f"role session {session}" if session else "a role", "unknown")
    return named.told(f"role {role}, session {session}" if session else f"role {role}", "unknown")


def _via_role(who: str, role: str | None) -> str:
    return f"{who} via role {role}" if role else who
