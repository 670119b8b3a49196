"""The account's root user."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.call.values import boolean, mapping, text
from trailbell.read.principal.fields import is_service, read_invoked_by
from trailbell.read.principal.identity_type import IdentityType

if TYPE_CHECKING:
    from trailbell.record import PrincipalKind


class Root(IdentityType):
    """`Root`."""

    words = "root user"
    of_an_account = True

    def display(self, identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str:
        """Say only `root`: a user name here is the account's alias."""
        del record, name
        if _is_a_service(identity):
            return f"root, through {read_invoked_by(identity)}"
        assumed = boolean(mapping(identity.get("sessionContext")).get("assumedRoot"))
        return "root, by AssumeRoot" if assumed else "root"

    def kind(self, identity: Mapping[str, Any], user_agent: str, *, by_person: bool) -> "PrincipalKind":
        """Tell a person from a service that called as root."""
        del user_agent, by_person
        return "service" if _is_a_service(identity) else "human"


def _is_a_service(identity: Mapping[str, Any]) -> bool:
    """Tell whether a service called as root: without keys, as services did before they had roles of their own."""
    return not text(identity.get("accessKeyId")) and is_service(read_invoked_by(identity))


TYPE = Root()
