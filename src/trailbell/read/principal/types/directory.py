"""A user of a directory, who signs in to what AWS hosts for it."""

from collections.abc import Mapping
from typing import Any

from trailbell.read.principal.identity_type import IdentityType


class Directory(IdentityType):
    """`Directory`."""

    words = "directory user"
    always = "human"

    def display(self, identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:
        """Name the user as one of a directory."""
        del identity, record
        return f"directory user {name}" if name else None


TYPE = Directory()
