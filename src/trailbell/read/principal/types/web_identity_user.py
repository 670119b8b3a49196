"""A user of an OpenID Connect provider who asks for a role."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.call.values import text
from trailbell.read.principal.identity_type import IdentityType

if TYPE_CHECKING:
    from trailbell.record import PrincipalKind


class WebIdentityUser(IdentityType):
    """`WebIdentityUser`."""

    words = "web identity"

    def display(self, identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:
        """Name the token's subject and the provider."""
        from trailbell.read.principal.role_session import name_token_user  # an alert's words need none of it

        del record
        provider = text(identity.get("identityProvider")) or ""
        provider = provider.partition(":oidc-provider/")[2] or provider
        who = name or (text(identity.get("principalId")) or "").rpartition(":")[2]
        if known := name_token_user(provider, who):
            return known
        return f"{who} via {provider}" if who and provider else who or None

    def kind(self, identity: Mapping[str, Any], user_agent: str, *, by_person: bool) -> "PrincipalKind":
        """Tell a person by an address for mail; builds and pods have none."""
        del user_agent
        return "human" if by_person or "@" in (text(identity.get("userName")) or "") else "machine"


TYPE = WebIdentityUser()
