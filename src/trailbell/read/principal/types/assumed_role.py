"""A session of a role: whoever assumed it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.read.principal.identity_type import IdentityType, kind_by_program

if TYPE_CHECKING:
    from trailbell.read.principal.role_session import RoleSession
    from trailbell.record import PrincipalKind


class AssumedRole(IdentityType):
    """`AssumedRole`."""

    words = "assumed role"
    of_an_account = True

    def session(self, identity: Mapping[str, Any], user_agent: str) -> "RoleSession":
        """Read the session, which tells the most."""
        from trailbell.read.principal.role_session import read_role_session  # an alert's words need none of it

        return read_role_session(identity, user_agent)

    def kind(self, identity: Mapping[str, Any], user_agent: str, *, by_person: bool) -> "PrincipalKind":
        """Tell by the program; people and pipelines alike use a role on a command line."""
        del identity
        return "human" if by_person else kind_by_program(user_agent, command_line="unknown")


TYPE = AssumedRole()
