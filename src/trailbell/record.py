"""A CloudTrail record, normalised: who did what, from where, to which resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

PrincipalKind = Literal["human", "machine", "service", "unknown"]
Credentials = Literal["long-term", "temporary"]
OriginKind = Literal["address", "service", "aws-internal", "unknown"]
ResourceRole = Literal["created", "changed", "deleted", "used"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The API call itself, as CloudTrail's console heads it."""

    id: str
    """`eventID`."""
    name: str
    """`eventName`, as recorded: a version suffix such as `20150331v2` stays."""
    source: str
    """`eventSource`, such as `ec2.amazonaws.com`; empty for Insights events."""
    service: str
    """The service as people call it, such as `EC2`."""
    time: datetime
    """`eventTime`, aware, in UTC."""
    region: str
    """`awsRegion`."""
    account_id: str
    """`recipientAccountId`, or the identity's account in records too old to have it."""
    account_name: str | None
    """What the config's `accounts` calls it."""
    partition: str
    """`aws`, `aws-cn` or `aws-us-gov`."""
    type: str
    """`eventType`, such as `AwsApiCall` or `AwsConsoleSignIn`."""
    category: str
    """`eventCategory`, such as `Management`."""
    read_only: bool | None
    """`readOnly`; None where the record does not say."""
    request_id: str | None
    """`requestID`."""
    shared_event_id: str | None
    """`sharedEventID`: the same call, as recorded in the other account."""
    error_code: str | None
    """`errorCode`, without EC2's `Client.` or `Server.` in front."""
    error_message: str | None
    """`errorMessage`."""
    url: str | None = None
    """The event's page in the CloudTrail console."""

    @property
    def failed(self) -> bool:
        """Whether the call had no effect."""
        return self.error_code is not None or self.error_message is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who acted, worked out of `userIdentity`."""

    display: str
    """As a person would say it: `alice@example.com via SSO AdministratorAccess`."""
    type: str
    """`userIdentity.type`; `Unknown` where the record has none."""
    kind: PrincipalKind
    """Whether a person, a program, or an AWS service on its own acted."""
    account_id: str | None
    """The account that the identity belongs to; it need not be the one that was called."""
    account_name: str | None
    """What the config's `accounts` calls it."""
    arn: str | None
    principal_id: str | None
    user_name: str | None
    """The user, or the role of a role session."""
    session_name: str | None
    """The role session's name."""
    session_issuer: str | None
    """ARN of the role or user that issued the session."""
    source_identity: str | None
    invoked_by: str | None
    """The AWS service that called on the principal's behalf."""
    access_key_id: str | None
    credentials: Credentials | None
    """Told by the access key: AKIA is long-term, ASIA temporary."""
    mfa: bool | None
    """None where the record does not say."""
    console: bool
    """Whether the call was made through the AWS console."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the call came from."""

    kind: OriginKind
    address: str | None
    """`sourceIPAddress`, whatever it holds."""
    network: str | None
    """What the config's `networks` calls the address: the longest prefix wins."""
    private: bool | None
    """Whether it is an address that is not routed on the internet; None where it is no address."""
    vpc_endpoint_id: str | None
    tls_version: str | None
    client: str
    """The user agent in a word or two: `AWS console`, `aws-cli`, `Terraform`."""
    user_agent: str | None
    """`userAgent`, as recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing that the call was about."""

    type: str
    """CloudFormation type name, such as `AWS::EC2::Instance`; empty where it is not known."""
    id: str
    """The id people know it by: instance id, bucket name, user name, or the ARN where there is nothing shorter."""
    name: str | None = None
    """A second, human name: a security group's name, the Name tag."""
    arn: str | None = None
    role: ResourceRole = "used"
    """What the call did to it; created and changed ones stand first."""
    url: str | None = None
    """Its page in the AWS console."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One CloudTrail record, worked out."""

    event: Event
    principal: Principal
    origin: Origin
    resources: tuple[Resource, ...]
    """Most important first, each once."""
    raw: Mapping[str, Any]
    """The record as CloudTrail wrote it. Secrets are still in it: see `redact`."""
