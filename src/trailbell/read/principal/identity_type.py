"""What a `userIdentity.type` decides."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.read.principal.fields import read_user_name

if TYPE_CHECKING:
    from trailbell.names import Names
    from trailbell.read.principal.role_session import RoleSession
    from trailbell.record import PrincipalKind

_PROGRAMS = ("Terraform", "exec-env", "Boto", "aws-sdk")


class IdentityType:
    """A type of identity. This one is what holds for a type that nobody knows; the others say what they know better.

    Nothing in a record can make it fail. Types have no state, and load nothing that only some records need: alerts in
    every form ask them for their words.
    """

    words: str | None = None
    """The type as a person says it; None where that is not known."""
    of_an_account: bool = False
    """Whether it is worth telling that the identity is of another account than the one that was called."""
    always: "PrincipalKind | None" = None
    """What every identity of the type is; None where the record has to tell."""

    def session(self, identity: Mapping[str, Any], user_agent: str) -> "RoleSession | None":
        """Return the role session that it is, None for what is none."""
        del identity, user_agent
        return None

    def user_name(self, record: Mapping[str, Any]) -> str | None:
        """Return the user's name, HIDDEN included."""
        return read_user_name(record)

    def display(self, identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:
        """Name it as a person would, where there is more to tell than the user's `name`."""
        del identity, record, name
        return None

    def display_nameless(self, identity: Mapping[str, Any], names: "Names") -> str | None:
        """Name it where there is neither a name nor a service that called."""
        del identity, names
        return None

    def kind(self, identity: Mapping[str, Any], user_agent: str, *, by_person: bool) -> "PrincipalKind":
        """Tell people from programs, as far as the record shows it; `by_person`: through the console, or with MFA."""
        del identity, user_agent
        return self.always or ("human" if by_person else "unknown")


def kind_by_program(user_agent: str, *, command_line: "PrincipalKind") -> "PrincipalKind":
    """Tell by the program what uses an identity that people and programs may have.

    `command_line` is who uses the AWS CLI or PowerShell with it.
    """
    if "aws-cli/" in user_agent or "PowerShell" in user_agent:
        return command_line
    return "machine" if any(mark in user_agent for mark in _PROGRAMS) else "unknown"
