"""The event names of every event source, which of them only read, and the regions.

The list is generated from botocore's service models (scripts/generate_operations.py) and read when it is first asked
for: the config check and the filter compiler need it, the detector does not.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_READING = re.compile(
    r"^(?:Get|List|Describe|Head|BatchGet|BatchDescribe|BatchList|BatchCheck|Lookup|Search|Query|Scan|Select|Check|View|"
    r"Estimate|Simulate|Discover|Filter|Count|Preview|Retrieve|Read|Decode|Verify|Validate|Detect|Poll|Scroll)(?=[A-Z0-9_]|$)"
)
_NOT_READING = frozenset(
    {
        "CheckInLicense",  # takes a licence
        "CheckMfa",  # a sign-in
        "CheckoutBorrowLicense",
        "CheckoutLicense",
        "GetFederationToken",  # makes credentials, as GetSessionToken does
        "GetSessionToken",
        "VerifyDomainDkim",  # SES's Verify... begin a verification
        "VerifyDomainIdentity",
        "VerifyEmailAddress",
        "VerifyEmailIdentity",
        "VerifySoftwareToken",
        "VerifyUserAttribute",
    }
)
_READING_TOO = frozenset(
    {
        ("elasticfilesystem.amazonaws.com", "NewClientConnection"),
        ("kms.amazonaws.com", "Decrypt"),
        ("kms.amazonaws.com", "Encrypt"),
        ("kms.amazonaws.com", "GenerateDataKey"),
        ("kms.amazonaws.com", "GenerateDataKeyPair"),
        ("kms.amazonaws.com", "GenerateDataKeyPairWithoutPlaintext"),
        ("kms.amazonaws.com", "GenerateDataKeyWithoutPlaintext"),
        ("kms.amazonaws.com", "GenerateMac"),
        ("kms.amazonaws.com", "GenerateRandom"),
        ("kms.amazonaws.com", "ReEncrypt"),
        ("kms.amazonaws.com", "Sign"),
        ("sts.amazonaws.com", "AssumeRole"),
        ("sts.amazonaws.com", "AssumeRoleWithSAML"),
        ("sts.amazonaws.com", "AssumeRoleWithWebIdentity"),
    }
)
"""What CloudTrail calls read-only although its name does not say so."""

_WITHHELD = ("Describe", "Get", "List")
_DELIVERED = frozenset({"GetFederationToken", "GetSessionToken"})
_VERSION_SUFFIX = re.compile(r"^(?P<name>.*[A-Za-z])(?P<version>\d{8}|\d{4}_\d{2}_\d{2})(?:v\d{1,2})?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """The shipped list."""

    botocore_version: str
    """The botocore that it was made from."""
    regions: frozenset[str]
    """Of all partitions."""
    sources: Mapping[str, frozenset[str]]
    """Event source -> event names, without version suffixes."""
    dated: Mapping[str, Mapping[str, str]]
    """Event source -> operation -> the API version that its event name ends in, such as `20150331`."""
    renamed: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Event source -> API operation -> the names that CloudTrail records it under."""

    def has(self, source: str, name: str) -> bool:
        """Tell whether the source has the event, with or without a version suffix."""
        names = self.sources.get(source, frozenset())
        return name in names or without_version(name) in names

    def sources_of(self, name: str) -> tuple[str, ...]:
        """Return the sources that have the event."""
        return tuple(source for source in self.sources if self.has(source, name))


@lru_cache(maxsize=1)
def load_operations() -> Operations:
    """Read the shipped list, once a process."""
    # Here, because the detector imports this module for names alone and never reads the list.
    import gzip
    from importlib.resources import files

    document = json.loads(gzip.decompress(files("trailbell.operations").joinpath("operations.json.gz").read_bytes()))
    return Operations(
        botocore_version=document["botocore"],
        regions=frozenset(document["regions"]),
        sources={source: frozenset(names) for source, names in document["sources"].items()},
        dated=document["dated"],
        renamed={
            source: {name: tuple(real) for name, real in entries.items()}
            for source, entries in document["renamed"].items()
        },
    )


def without_version(name: str) -> str:
    """Return an event name without the API version it may end in: `UpdateFunctionCode20150331v2`."""
    found = _VERSION_SUFFIX.match(name)
    return found["name"] if found else name


def is_read_only(source: str, name: str) -> bool:
    """Tell whether CloudTrail records the event as read-only (`readOnly`), judged by its name.

    A guess for names that nobody listed. Where a wrong answer would hide an event, ask `may_be_withheld`.
    """
    bare = without_version(name)
    if (source, bare) in _READING_TOO:
        return True
    return bool(_READING.match(bare)) and bare not in _NOT_READING


def may_be_withheld(name: str) -> bool:
    """Tell whether EventBridge keeps the event from rules in the state ENABLED.

    Those rules get no read-only management events, which are the ones that begin with Describe, Get or List, but for
    two of STS. Source: EventBridge's guide, "Receiving read-only management events from AWS services".
    """
    return name.startswith(_WITHHELD) and name not in _DELIVERED
