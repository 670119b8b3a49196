"""The fields of a CloudTrail record and of Trailbell's facts: their kinds, and the values of those that have few.

Source: CloudTrail's user guide, "CloudTrail record contents" (eventVersion 1.11), "userIdentity element" and "Insights
events"; what real records hold besides is marked.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from trailbell.facts.catalogue import FACTS
from trailbell.read.principal.registry import IDENTITY_TYPES

Kind = Literal["string", "boolean", "number", "object", "any"]
Path = tuple[str, ...]

FACT_ROOT = "trailbell"
OPEN: Kind = "any"
"""Whatever the service puts there: a value or an object of any shape."""

_RECORD = """
    eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage requestID
    eventID eventType apiVersion recipientAccountId sharedEventID vpcEndpointId vpcEndpointAccountId eventCategory
    sessionCredentialFromConsole
    userIdentity.type userIdentity.principalId userIdentity.arn userIdentity.accountId userIdentity.accessKeyId
    userIdentity.userName userIdentity.invokedBy userIdentity.identityProvider userIdentity.credentialId
    userIdentity.sessionContext.sourceIdentity userIdentity.sessionContext.ec2RoleDelivery
    userIdentity.sessionContext.assumedRoot
    userIdentity.sessionContext.attributes.creationDate userIdentity.sessionContext.attributes.mfaAuthenticated
    userIdentity.sessionContext.attributes.sessionCredentialFromConsole
    userIdentity.sessionContext.sessionIssuer.type userIdentity.sessionContext.sessionIssuer.principalId
    userIdentity.sessionContext.sessionIssuer.arn userIdentity.sessionContext.sessionIssuer.accountId
    userIdentity.sessionContext.sessionIssuer.userName
    userIdentity.sessionContext.webIdFederationData.federatedProvider
    userIdentity.onBehalfOf.userId userIdentity.onBehalfOf.identityStoreArn
    userIdentity.inScopeOf.sourceArn userIdentity.inScopeOf.sourceAccount userIdentity.inScopeOf.issuerType
    userIdentity.inScopeOf.credentialsIssuedTo
    userIdentity.invokedByDelegate.accountId
    tlsDetails.tlsVersion tlsDetails.cipherSuite tlsDetails.clientProvidedHostHeader tlsDetails.keyExchange
    resources.ARN resources.ARNPrefix resources.accountId resources.type
    addendum.reason addendum.updatedFields addendum.originalRequestID addendum.originalUID addendum.originalEventID
    insightDetails.state insightDetails.eventSource insightDetails.eventName insightDetails.insightType
    insightDetails.errorCode
"""
"""Fields that hold strings. `mfaAuthenticated` and `sessionCredentialFromConsole` are the strings true and false."""

_OPEN = """
    requestParameters responseElements additionalEventData serviceEventDetails edgeDeviceDetails eventContext
    userIdentity.sessionContext.webIdFederationData.attributes insightDetails.insightContext
    insightDetails.baselineDuration
"""

_BOOLEAN = "readOnly managementEvent"

VALUES: Mapping[Path, tuple[str, ...]] = {
    ("userIdentity", "type"): tuple(sorted(IDENTITY_TYPES)),
    ("eventType",): (
        "AwsApiCall",
        "AwsCloudTrailInsight",
        "AwsConsoleAction",
        "AwsConsoleSignIn",
        "AwsServiceEvent",
        "AwsVpceEvent",
    ),
    ("eventCategory",): ("Data", "Insight", "Management", "NetworkActivity"),
    ("userIdentity", "sessionContext", "attributes", "mfaAuthenticated"): ("true", "false"),
    ("userIdentity", "sessionContext", "attributes", "sessionCredentialFromConsole"): ("true", "false"),
    ("sessionCredentialFromConsole",): ("true", "false"),
    ("userIdentity", "sessionContext", "ec2RoleDelivery"): ("1.0", "2.0"),
    (FACT_ROOT, "principal", "kind"): ("human", "machine", "service", "unknown"),
    (FACT_ROOT, "principal", "credentials"): ("long-term", "temporary"),
    (FACT_ROOT, "origin", "kind"): ("address", "service", "aws-internal", "unknown"),
    (FACT_ROOT, "policy", "statements", "effect"): ("Allow", "Deny"),
    (FACT_ROOT, "opened", "protocol"): ("tcp", "udp", "icmp", "all"),
}
"""Fields with few values: any other never matches."""


@lru_cache(maxsize=1)
def kinds() -> Mapping[Path, Kind]:
    """Return the kind of every known field, by path; facts stand under `trailbell`."""
    known: dict[Path, Kind] = {}
    fields: dict[Kind, str] = {"string": _RECORD, "any": _OPEN, "boolean": _BOOLEAN}
    for kind, text in fields.items():
        for dotted in text.split():
            _enter(known, tuple(dotted.split(".")), kind)
    for dotted, meaning in FACTS.items():
        _enter(known, (FACT_ROOT, *dotted.split(".")), _fact_kind(meaning))
    return known


def _enter(known: dict[Path, Kind], path: Path, kind: Kind) -> None:
    known[path] = kind
    for length in range(1, len(path)):
        known[path[:length]] = "object"


def _fact_kind(meaning: str) -> Kind:
    if meaning.startswith("boolean"):
        return "boolean"
    return "number" if meaning.startswith("number") else "string"


def kind_of(path: Path) -> Kind | None:
    """Return a field's kind, `any` within fields of any shape, None for a field that records do not have."""
    known = kinds()
    if path in known:
        return known[path]
    return OPEN if any(known.get(path[:length]) == OPEN for length in range(1, len(path))) else None


def siblings(path: Path) -> list[str]:
    """Return the names of the fields that stand beside this one."""
    return [known[-1] for known in kinds() if len(known) == len(path) and known[:-1] == path[:-1]]
