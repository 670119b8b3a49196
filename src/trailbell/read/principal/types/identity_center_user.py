"""A user of IAM Identity Center, at its own pages."""

from collections.abc import Mapping
from typing import Any

from trailbell.call.values import mapping, text
from trailbell.read.principal.fields import read_signed_in_name
from trailbell.read.principal.identity_type import IdentityType


class IdentityCenterUser(IdentityType):
    """`IdentityCenterUser`."""

    words = "IAM Identity Center user"
    always = "human"

    def user_name(self, record: Mapping[str, Any]) -> str | None:
        """Return the user's name, which is told once a sign-in, and beside the identity."""
        return super().user_name(record) or read_signed_in_name(record)

    def display(self, identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str:
        """Name the user, by the id if need be."""
        del record
        user_id = text(mapping(identity.get("onBehalfOf")).get("userId"))
        return name or (f"Identity Center user {user_id}" if user_id else "an Identity Center user")


TYPE = IdentityCenterUser()
