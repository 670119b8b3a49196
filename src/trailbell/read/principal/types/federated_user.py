"""Somebody with a federation token, which a user or root asked for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.call.values import mapping, text
from trailbell.read.principal.identity_type import IdentityType, kind_by_program

if TYPE_CHECKING:
    from trailbell.record import PrincipalKind


class FederatedUser(IdentityType):
    """`FederatedUser`."""

    words = "federated user"
    of_an_account = True

    def display(self, identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:
        """`arn:aws:sts::111122223333:federated-user/alice`, with the user that asked for the token as issuer."""
        del record
        arn = text(identity.get("arn")) or ""
        who = arn.partition(":federated-user/")[2] or name
        issuer = mapping(mapping(identity.get("sessionContext")).get("sessionIssuer"))
        by = text(issuer.get("userName")) or ("root" if text(issuer.get("type")) == "Root" else None)
        return f"{who}, federated by {by}" if who and by else who or None

    def kind(self, identity: Mapping[str, Any], user_agent: str, *, by_person: bool) -> "PrincipalKind":
        """Tell by the program; who asked for the token may have handed it on."""
        del identity
        return "human" if by_person else kind_by_program(user_agent, command_line="unknown")


TYPE = FederatedUser()
