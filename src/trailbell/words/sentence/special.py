"""Sentences that need more than values filled in: what was opened, to whom something was given, what became public."""

from collections.abc import Callable, Mapping

from trailbell.call.lookup import Call, clip, join
from trailbell.call.openings import Opening, read_openings
from trailbell.call.policies import Statement, parse_document, read_statements
from trailbell.call.sharing import read_sharing
from trailbell.call.values import boolean, mapping

MOST_DIGITS = 6
"""Of a number of instances."""
Teller = Callable[[Call], str | None]
"""Returns what was done, as a verb and what follows; None where the record does not tell."""


def run_instances(call: Call) -> str | None:
    """Count the instances and name their type."""
    ids = call.values(">instancesSet.instanceId")
    kind = call.first("instanceType", ">instancesSet.instanceType") or "instance"
    asked = call.value("instancesSet.maxCount") or ""
    count = len(ids) or (int(asked) if asked.isdecimal() and len(asked) < MOST_DIGITS else 1)
    named = f" ({join(ids)})" if ids else ""
    return f"launch {count} × {clip(kind)}{named} in {call.record.event.region}"


def change_security_group(call: Call) -> str | None:
    """Tell ports and sources of the rules that a call adds."""
    openings = read_openings(call.record.raw)
    group = call.first("groupId", "ModifySecurityGroupRulesRequest.GroupId", "groupName")
    if not openings or group is None:
        return None
    return f"open {_openings(openings)} on {_group(call, group)}"


def revoke_ingress(call: Call) -> str | None:
    """Tell ports and sources of the rules that a call takes away."""
    openings = read_openings({**call.record.raw, "eventName": "AuthorizeSecurityGroupIngress"})
    group = call.first("groupId", "groupName")
    return f"close {_openings(openings)} on {_group(call, group)}" if openings and group else None


def authorize_egress(call: Call) -> str | None:
    """Tell ports and targets of outgoing rules."""
    openings = read_openings({**call.record.raw, "eventName": "AuthorizeSecurityGroupIngress"})
    group = call.value("groupId")
    return f"allow outgoing {_openings(openings)} from {_group(call, group)}" if openings and group else None


def _openings(openings: tuple[Opening, ...]) -> str:
    return join(tuple(f"{_ports(opening)} to {opening.cidr}" for opening in openings))


def _ports(opening: Opening) -> str:
    if opening.from_port is None:
        return "all traffic" if opening.protocol == "all" else f"all {opening.protocol}"
    ports = str(opening.from_port) if opening.from_port == opening.to_port else f"{opening.from_port}-{opening.to_port}"
    return f"{opening.protocol}/{ports}"


def _group(call: Call, group: str) -> str:
    name = next((resource.name for resource in call.record.resources if resource.id == group and resource.name), None)
    return f"{clip(group)} ({clip(name)})" if name else clip(group)


def update_trust(call: Call) -> str | None:
    """Tell whom a role trusts now."""
    role, document = call.value("roleName"), call.value("policyDocument")
    if role is None or document is None:
        return None
    trusted = _trusted(call, read_statements({"policyDocument": document}))
    return f"change role {clip(role)} to trust {trusted}" if trusted else f"change whom role {clip(role)} trusts"


def create_role(call: Call) -> str | None:
    """Tell whom a new role trusts."""
    role = call.value("roleName")
    trusted = _trusted(
        call, read_statements({"p": None, "assumeRolePolicyDocument": call.value("assumeRolePolicyDocument")})
    )
    return f"create role {clip(role)}{f', which trusts {trusted}' if trusted else ''}" if role else None


def _trusted(call: Call, statements: tuple[Statement, ...]) -> str:
    names: list[str] = []
    for statement in statements:
        if not statement.allows:
            continue
        if statement.public:
            return "everyone"
        names += [call.account(account) for account in statement.account_ids]
        names += [
            principal
            for principal in statement.principals
            if principal.endswith((".amazonaws.com", ".amazonaws.com.cn"))
        ]
        names += [p.rpartition("-provider/")[2] for p in statement.principals if "-provider/" in p]
    return join(tuple(dict.fromkeys(names)))


def put_inline_policy(call: Call) -> str | None:
    """Tell of whom, and whether the policy allows everything."""
    policy = call.value("policyName")
    holder = next(
        (f"{kind} {clip(name)}" for kind in ("user", "role", "group") if (name := call.value(f"{kind}Name"))), None
    )
    if policy is None or holder is None:
        return None
    return f"write policy {clip(policy)} into {holder}{_power(call)}"


def create_policy(call: Call) -> str | None:
    """Tell whether the policy allows everything."""
    name = call.first("policyName", "policyArn")
    return f"create policy {clip(name.rpartition('/')[2])}{_power(call)}" if name else None


def create_policy_version(call: Call) -> str | None:
    """Tell whether the new version counts, and whether it allows everything."""
    arn = call.value("policyArn")
    if arn is None:
        return None
    counts = " as the one that counts" if call.value("setAsDefault") == "true" else ""
    return f"write a new version of policy {clip(arn.rpartition('/')[2])}{counts}{_power(call)}"


def _power(call: Call) -> str:
    admin = any(statement.admin for statement in read_statements(call.request))
    return ", which allows everything" if admin else ""


def create_access_key(call: Call) -> str | None:
    """Tell whose key it is; without a user name it is the caller's own."""
    user = call.first("userName", ">accessKey.userName")
    key = call.value(">accessKey.accessKeyId")
    named = f"access key {key}" if key else "an access key"
    return f"create {named} for user {clip(user)}" if user else f"create {named} for {call.record.principal.display}"


def put_bucket_policy(call: Call) -> str | None:
    """Tell whom a bucket's policy lets in."""
    bucket = call.value("bucketName")
    if bucket is None:
        return None
    statements = read_statements(call.request)
    if any(statement.public for statement in statements):
        return f"make bucket {clip(bucket)} open to everyone by its policy"
    accounts = dict.fromkeys(account for each in statements if each.allows for account in each.account_ids)
    foreign = tuple(call.account(account) for account in accounts if account != call.record.event.account_id)
    return (
        f"let {join(foreign)} into bucket {clip(bucket)}" if foreign else f"change the policy of bucket {clip(bucket)}"
    )


def put_acl(call: Call) -> str | None:
    """Tell whether an ACL makes a bucket or an object public."""
    bucket, key = call.value("bucketName"), call.value("key")
    if bucket is None:
        return None
    what = f"object {clip(key)} of bucket {clip(bucket)}" if key else f"bucket {clip(bucket)}"
    if not read_sharing(call.record.raw, ()).get("public"):
        return f"change the ACL of {what}"
    canned = call.value("x-amz-acl")
    writable = canned == "public-read-write" or "WRITE" in call.values(
        "AccessControlPolicy.AccessControlList.Grant.Permission"
    )
    can = "readable and writable" if writable else "readable"
    who = "everyone with an AWS account" if canned == "authenticated-read" else "everyone"
    return f"make {what} {can} by {who}"


def put_public_access_block(call: Call) -> str | None:
    """Tell whether the block is on or off."""
    settings = mapping(call.request.get("PublicAccessBlockConfiguration"))
    off = tuple(name for name, value in settings.items() if boolean(value) is False)
    where = f"bucket {clip(name)}" if (name := call.value("bucketName")) else "the whole account"
    return f"switch off {join(off)} of {where}" if off else f"block public access to {where}"


def share(call: Call) -> str | None:
    """Tell with whom a snapshot or an image is shared."""
    what = call.first("snapshotId", "imageId", "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier")
    if what is None:
        return None
    shared = read_sharing(call.record.raw, ())
    if shared.get("public"):
        return f"make {clip(what)} public"
    accounts = tuple(call.account(account) for account in shared.get("accounts", ()))
    return f"share {clip(what)} with {join(accounts)}" if accounts else f"change whom {clip(what)} is shared with"


def schedule_key_deletion(call: Call) -> str | None:
    """Tell when a key will be gone."""
    key, days = call.value("keyId"), call.value("pendingWindowInDays")
    return f"schedule the deletion of key {clip(key)}{f' in {days} days' if days else ''}" if key else None


def put_key_policy(call: Call) -> str | None:
    """Tell whom a key's policy lets use it."""
    key = call.value("keyId")
    trusted = _trusted(call, read_statements({"policy": call.value("policy")}))
    return f"let {trusted} use key {clip(key)} by its policy" if key and trusted else None


def add_permission(call: Call) -> str | None:
    """Tell who may call a function."""
    function, principal = call.value("functionName"), call.value("principal")
    if function is None or principal is None:
        return None
    who = "everyone" if principal == "*" else call.account(principal) if principal.isdecimal() else clip(principal)
    return f"let {who} call function {clip(function.rpartition(':')[2])}"


def create_function_url(call: Call) -> str | None:
    """Tell whether a function's URL asks who calls."""
    function, auth = call.value("functionName"), call.value("authType")
    if function is None:
        return None
    return f"give function {clip(function)} a URL{' that everyone may call' if auth == 'NONE' else ''}"


def modify_instance_attribute(call: Call) -> str | None:
    """Tell which attribute, by name; user data runs at the next start."""
    instance = call.value("instanceId")
    changed = [name for name in call.request if name not in {"instanceId", "attribute", "value"}]
    name = call.value("attribute") or (changed[0] if changed else None)
    return f"change {clip(name)} of {clip(instance)}" if instance and name else None


def update_detector(call: Call) -> str | None:
    """Tell whether GuardDuty was switched off."""
    enabled = boolean(call.request.get("enable"))
    detector = call.value("detectorId")
    if detector is None:
        return None
    return f"{'suspend' if enabled is False else 'change'} GuardDuty detector {clip(detector)}"


def console_login(call: Call) -> str | None:
    """Tell that somebody signed in, and how; failures are told by their own words."""
    how = {True: " with MFA", False: " without MFA", None: ""}[call.record.principal.mfa]
    return f"sign in to the console{how}"


def modify_db_instance(call: Call) -> str | None:
    """Tell of a database that became public, or of a new master password."""
    name = call.value("dBInstanceIdentifier")
    if name is None:
        return None
    if call.value("publiclyAccessible") == "true":
        return f"make database {clip(name)} reachable from the internet"
    if "masterUserPassword" in call.request:
        return f"set a new master password for database {clip(name)}"
    return f"change database {clip(name)}"


def organizations_policy(call: Call) -> str | None:
    """Tell the name of a changed organization policy."""
    document = parse_document(call.value("content") or "")
    name = call.first("name", "policyId")
    return f"change organization policy {clip(name)}{'' if document is None else ' and its content'}" if name else None


SPECIAL: Mapping[str, Teller] = {
    "ec2.AuthorizeSecurityGroupEgress": authorize_egress,
    "ec2.AuthorizeSecurityGroupIngress": change_security_group,
    "ec2.ModifyImageAttribute": share,
    "ec2.ModifyInstanceAttribute": modify_instance_attribute,
    "ec2.ModifySecurityGroupRules": change_security_group,
    "ec2.ModifySnapshotAttribute": share,
    "ec2.RevokeSecurityGroupIngress": revoke_ingress,
    "ec2.RunInstances": run_instances,
    "guardduty.UpdateDetector": update_detector,
    "iam.CreateAccessKey": create_access_key,
    "iam.CreatePolicy": create_policy,
    "iam.CreatePolicyVersion": create_policy_version,
    "iam.CreateRole": create_role,
    "iam.PutGroupPolicy": put_inline_policy,
    "iam.PutRolePolicy": put_inline_policy,
    "iam.PutUserPolicy": put_inline_policy,
    "iam.UpdateAssumeRolePolicy": update_trust,
    "kms.PutKeyPolicy": put_key_policy,
    "kms.ScheduleKeyDeletion": schedule_key_deletion,
    "lambda.AddPermission": add_permission,
    "lambda.CreateFunctionUrlConfig": create_function_url,
    "lambda.UpdateFunctionUrlConfig": create_function_url,
    "organizations.UpdatePolicy": organizations_policy,
    "rds.ModifyDBClusterSnapshotAttribute": share,
    "rds.ModifyDBInstance": modify_db_instance,
    "rds.ModifyDBSnapshotAttribute": share,
    "s3.PutAccountPublicAccessBlock": put_public_access_block,
    "s3.PutBucketAcl": put_acl,
    "s3.PutBucketPolicy": put_bucket_policy,
    "s3.PutBucketPublicAccessBlock": put_public_access_block,
    "s3.PutObjectAcl": put_acl,
    "signin.ConsoleLogin": console_login,
}
"""`<first part of the event source>.<event name without version>` -> what tells it."""
