"""A user of the account's IAM."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.read.principal.identity_type import IdentityType, kind_by_program

if TYPE_CHECKING:
    from trailbell.record import PrincipalKind


class IamUser(IdentityType):
    """`IAMUser`."""

    words = "IAM user"
    of_an_account = True

    def kind(self, identity: Mapping[str, Any], user_agent: str, *, by_person: bool) -> "PrincipalKind":
        """Tell by the program: a user's long-term key on a command line is in somebody's hands."""
        del identity
        return "human" if by_person else kind_by_program(user_agent, command_line="human")


TYPE = IamUser()
