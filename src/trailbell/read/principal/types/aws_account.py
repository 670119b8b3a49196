"""Somebody of another account, of whom no more is told."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trailbell.read.principal.fields import name_own_account
from trailbell.read.principal.identity_type import IdentityType

if TYPE_CHECKING:
    from trailbell.names import Names


class AwsAccount(IdentityType):
    """`AWSAccount`."""

    words = "another AWS account"

    def display_nameless(self, identity: Mapping[str, Any], names: "Names") -> str | None:
        """Name the account."""
        return name_own_account(identity, names)


TYPE = AwsAccount()
