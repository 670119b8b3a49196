"""With whom a call shares something: by attributes of snapshots and images, by ACLs, by resource policies."""

from collections.abc import Iterator, Mapping
from typing import Any

from trailbell.call.policies import Statement, account_of
from trailbell.call.values import listed, mapping, text, walk
from trailbell.operations import without_version

_ALL = "all"
"""What EC2 and RDS write for everyone."""
PUBLIC_GROUPS = ("/global/AllUsers", "/global/AuthenticatedUsers")
"""S3's groups of everyone, and of everyone with any AWS account.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
"""
PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
ATTRIBUTE_EVENTS = frozenset({"ModifySnapshotAttribute", "ModifyImageAttribute", "ModifyFpgaImageAttribute"})
ACL_EVENTS = frozenset({"PutBucketAcl", "PutObjectAcl", "CreateBucket", "PutObject"})
GRANTEE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "ModifyDBSnapshotAttribute": ("valuesToAdd",),
    "ModifyDBClusterSnapshotAttribute": ("valuesToAdd",),
    "ModifyDocumentPermission": ("accountIdsToAdd",),
    "AuthorizeSnapshotAccess": ("accountWithRestoreAccess",),
    "CreateResourceShare": ("principals",),
    "AssociateResourceShare": ("principals",),
    "CreateGrant": ("granteePrincipal",),
    "AddPermission": ("principal", "aWSAccountId", "aWSAccountIds"),
    "AddLayerVersionPermission": ("principal",),
    "PutPermission": ("principal",),
}
"""Events without a policy document -> the parameters that name whom they give access to.

They are RDS's, Systems Manager's, Redshift's, RAM's, KMS's, Lambda's, SNS's, SQS's and EventBridge's.
"""
FILTER_EVENTS = frozenset({"CreateVpcEndpoint", "ModifyVpcEndpoint"})
"""Their policies let through what others have granted, and grant nothing."""
NARROWING_FIELDS = frozenset({"sourceArn", "sourceAccount", "principalOrgID", "organizationId", "condition"})
"""Parameters of such events that make a grant to everyone a grant to some."""


def read_sharing(record: Mapping[str, Any], statements: tuple[Statement, ...]) -> dict[str, Any]:
    """Return `public` and `accounts`, as the facts have them; empty where the call shares nothing."""
    name = without_version(text(record.get("eventName")) or "")
    parameters = mapping(record.get("requestParameters"))
    grantees: list[str] = []
    if name in ATTRIBUTE_EVENTS:
        grantees += _added(parameters)
    elif name in GRANTEE_FIELDS:
        grantees += _named(parameters, GRANTEE_FIELDS[name])
    elif name in ACL_EVENTS:
        grantees += _acl(parameters)
    granting = () if name in FILTER_EVENTS else statements
    public = _ALL in grantees or any(statement.public for statement in granting)
    accounts = {account for grantee in grantees if (account := account_of(grantee))}
    accounts |= {account for statement in granting if statement.allows for account in statement.account_ids}
    if not public and not accounts:
        return {}
    return {"public": public, "accounts": sorted(accounts)}


def _added(parameters: Mapping[str, Any]) -> Iterator[str]:
    """EC2: `createVolumePermission: {add: {items: [{group: all}, {userId: ...}]}}`, `launchPermission` likewise."""
    for kind in ("createVolumePermission", "launchPermission", "loadPermission"):
        for item in listed(mapping(mapping(parameters.get(kind)).get("add")).get("items")):
            entry = mapping(item)
            yield from filter(None, (text(entry.get("group")), text(entry.get("userId"))))
    if text(parameters.get("operationType")) == "add":
        for kind in ("userIds", "groups"):
            for key, value in walk({kind: parameters.get(kind)}):
                if key and (found := text(value)):
                    yield found


def _named(parameters: Mapping[str, Any], fields: tuple[str, ...]) -> Iterator[str]:
    narrowed = any(parameters.get(field) for field in NARROWING_FIELDS)
    for field in fields:
        value = parameters.get(field)
        for grantee in value if isinstance(value, list) else [value]:
            named = text(grantee)
            if named in {"*", _ALL}:
                yield from () if narrowed else (_ALL,)
            elif named:
                yield named


def _acl(parameters: Mapping[str, Any]) -> Iterator[str]:
    for key, value in walk(parameters):
        if not isinstance(value, str):
            continue
        canned = key == "x-amz-acl" and value in PUBLIC_ACLS
        # A grant header holds `uri="http://acs.amazonaws.com/groups/global/AllUsers"`, or several with commas.
        granted = (key == "URI" and value.endswith(PUBLIC_GROUPS)) or (
            key.lower().startswith("x-amz-grant-") and any(group in value for group in PUBLIC_GROUPS)
        )
        if canned or granted:
            yield _ALL
