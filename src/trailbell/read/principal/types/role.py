"""A role itself, not a session of it."""

from collections.abc import Mapping
from typing import Any

from trailbell.call.values import text
from trailbell.read.principal.identity_type import IdentityType


class Role(IdentityType):
    """`Role`."""

    words = "role"
    of_an_account = True

    def display(self, identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:
        """Name the role, by its ARN if need be."""
        del record
        who = name or (text(identity.get("arn")) or "").rpartition("/")[2]
        return f"role {who}" if who else None


TYPE = Role()
