"""A person who asks for a role with SAML."""

from collections.abc import Mapping
from typing import Any

from trailbell.call.values import mapping, text
from trailbell.read.principal.identity_type import IdentityType


class SamlUser(IdentityType):
    """`SAMLUser`."""

    words = "SAML user"
    always = "human"

    def display(self, identity: Mapping[str, Any], record: Mapping[str, Any], name: str | None) -> str | None:
        """Name the person and the provider, whose name is in the request: `identityProvider` is a hash."""
        who = name or (text(identity.get("principalId")) or "").partition(":")[2]
        asked = text(mapping(record.get("requestParameters")).get("principalArn")) or ""
        provider = asked.partition(":saml-provider/")[2]
        return f"{who} via SAML {provider}".rstrip() if who else None


TYPE = SamlUser()
