"""The identity types there are. Each is loaded when the first record of it comes."""

from collections.abc import Mapping
from importlib import import_module

from trailbell.read.principal.identity_type import IdentityType

IDENTITY_TYPES: Mapping[str, str] = {
    "Root": "trailbell.read.principal.types.root",
    "IAMUser": "trailbell.read.principal.types.iam_user",
    "AssumedRole": "trailbell.read.principal.types.assumed_role",
    "Role": "trailbell.read.principal.types.role",
    "FederatedUser": "trailbell.read.principal.types.federated_user",
    "SAMLUser": "trailbell.read.principal.types.saml_user",
    "WebIdentityUser": "trailbell.read.principal.types.web_identity_user",
    "IdentityCenterUser": "trailbell.read.principal.types.identity_center_user",
    "AWSAccount": "trailbell.read.principal.types.aws_account",
    "AWSService": "trailbell.read.principal.types.aws_service",
    "Directory": "trailbell.read.principal.types.directory",
    "Unknown": "trailbell.read.principal.types.unknown",
}
"""`userIdentity.type` -> module whose TYPE it is.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""
_ANY_OTHER = IdentityType()


def find_identity_type(name: str) -> IdentityType:
    """Return what a `userIdentity.type` decides."""
    module = IDENTITY_TYPES.get(name)
    found: IdentityType = import_module(module).TYPE if module else _ANY_OTHER
    return found


def word_identity_type(name: str) -> str:
    """Return a `userIdentity.type` as a person says it, and one that nobody knows as it is."""
    return find_identity_type(name).words or name
