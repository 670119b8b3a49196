"""With whom a call shares something: by attributes of snapshots and images, by ACLs, by resource policies."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from trailbell.normalise.policies import Statement
from trailbell.normalise.values import listed, mapping, text, walk

_ACCOUNT = re.compile(r"\d{12}")
_ALL = "all"
"""What EC2 and RDS write for everyone."""
PUBLIC_GROUPS = ("/global/AllUsers", "/global/AuthenticatedUsers")
"""S3's groups of everyone, and of everyone with any AWS account.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
"""
PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
ATTRIBUTE_EVENTS = frozenset({"ModifySnapshotAttribute", "ModifyImageAttribute", "ModifyFpgaImageAttribute"})
RDS_EVENTS = frozenset({"ModifyDBSnapshotAttribute", "ModifyDBClusterSnapshotAttribute"})
ACL_EVENTS = frozenset({"PutBucketAcl", "PutObjectAcl", "CreateBucket", "PutObject"})


def read_sharing(record: Mapping[str, Any], statements: tuple[Statement, ...]) -> dict[str, Any]:
    """Return `public` and `accounts`, as the facts have them; empty where the call shares nothing."""
    name = text(record.get("eventName")) or ""
    parameters = mapping(record.get("requestParameters"))
    grantees: list[str] = []
    if name in ATTRIBUTE_EVENTS:
        grantees += _added(parameters)
    elif name in RDS_EVENTS:
        grantees += [str(value) for value in listed(parameters.get("valuesToAdd"))]
    elif name in ACL_EVENTS:
        grantees += _acl(parameters)
    public = _ALL in grantees or any(statement.public for statement in statements)
    accounts = {grantee for grantee in grantees if _ACCOUNT.fullmatch(grantee)}
    accounts |= {account for statement in statements if statement.allows for account in statement.account_ids}
    if not public and not accounts:
        return {}
    return {"public": public, "accounts": sorted(accounts)}


def _added(parameters: Mapping[str, Any]) -> Iterator[str]:
    """EC2: `createVolumePermission: {add: {items: [{group: all}, {userId: ...}]}}`, `launchPermission` likewise."""
    for kind in ("createVolumePermission", "launchPermission", "loadPermission"):
        for item in listed(mapping(mapping(parameters.get(kind)).get("add")).get("items")):
            entry = mapping(item)
            yield from filter(None, (text(entry.get("group")), text(entry.get("userId"))))
    if text(parameters.get("operationType")) == "add" or text(parameters.get("attributeType")):
        for key, value in walk(parameters.get("userIds") or parameters.get("groups")):
            if key and (found := text(value)):
                yield found


def _acl(parameters: Mapping[str, Any]) -> Iterator[str]:
    canned = parameters.get("x-amz-acl")
    for acl in canned if isinstance(canned, list) else [canned]:
        if text(acl) in PUBLIC_ACLS:
            yield _ALL
    for key, value in walk(parameters.get("AccessControlPolicy")):
        if key == "URI" and isinstance(value, str) and value.endswith(PUBLIC_GROUPS):
            yield _ALL
