"""An identity of which CloudTrail says that it does not know it, or says nothing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.call.values import mapping, text
from trailbell.read.principal.fields import name_own_account, read_invoked_by, read_signed_in_name
from trailbell.read.principal.identity_type import IdentityType

if TYPE_CHECKING:
    from trailbell.names import Names
    from trailbell.record import PrincipalKind


class Unknown(IdentityType):
    """`Unknown`, and records without a type."""

    words = "unknown identity"

    def user_name(self, record: Mapping[str, Any]) -> str | None:
        """Return the user's name; sign-ins to IAM Identity Center tell it beside the identity."""
        name = super().user_name(record)
        if name is None and text(mapping(record.get("userIdentity")).get("type")):
            return read_signed_in_name(record)
        return name

    def display_nameless(self, identity: Mapping[str, Any], names: "Names") -> str | None:
        """Name the account."""
        return name_own_account(identity, names)

    def kind(self, identity: Mapping[str, Any], user_agent: str, *, by_person: bool) -> "PrincipalKind":
        """Tell a service that acted for nobody."""
        nobody_else = not text(identity.get("userName")) and not text(identity.get("principalId"))
        if nobody_else and read_invoked_by(identity):
            return "service"
        return super().kind(identity, user_agent, by_person=by_person)


TYPE = Unknown()
