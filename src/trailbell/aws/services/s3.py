"""S3: `s3.amazonaws.com`."""

from trailbell.aws.service import Service
from trailbell.call.lookup import Call, clip, join
from trailbell.call.policies import read_statements
from trailbell.call.sharing import read_sharing
from trailbell.call.values import boolean, mapping


def bucket_name(_kind: str, rest: str) -> str:
    """Return the bucket, which an object's ARN stands for as well."""
    return rest.partition("/")[0]


def put_public_access_block(call: Call) -> str | None:
    """Tell whether the block is on or off."""
    settings = mapping(call.request.get("PublicAccessBlockConfiguration"))
    off = tuple(name for name, value in settings.items() if boolean(value) is False)
    where = f"bucket {clip(name)}" if (name := call.value("bucketName")) else "the whole account"
    return f"switch off {join(off)} of {where}" if off else f"block public access to {where}"


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


SERVICE = Service(
    source="s3",
    name="S3",
    members={
        "AWS::S3::Bucket": "bucketname",
        "AWS::S3::AccessPoint": "accesspointname",
    },
    arn_types={"": "AWS::S3::Bucket"},
    arn_id=bucket_name,
    roles={
        "DeleteBucketPolicy": "changed",
        "DeleteBucketEncryption": "changed",
        "DeleteBucketLifecycle": "changed",
        "DeleteBucketPublicAccessBlock": "changed",
    },
    pages={"AWS::S3::Bucket": "s3/buckets/{id}?region={region}"},
    sentences={
        "CreateBucket": "create bucket {bucketName}",
        "DeleteBucket": "delete bucket {bucketName}",
        "DeleteBucketPolicy": "delete the policy of bucket {bucketName}",
        "DeleteBucketEncryption": "delete the default encryption of bucket {bucketName}",
        "PutBucketLifecycle": "change when objects of bucket {bucketName} expire",
        "PutBucketReplication": "replicate bucket {bucketName} to {#ReplicationConfiguration.Rule.Destination.Bucket}",
        "PutBucketTagging": "change the tags of bucket {bucketName}",
        "DeleteBucketPublicAccessBlock": "take away the public access block of bucket {bucketName}",
        "DeleteAccountPublicAccessBlock": "take away the public access block of the whole account",
        "PutAccountPublicAccessBlock": put_public_access_block,
        "PutBucketAcl": put_acl,
        "PutBucketPolicy": put_bucket_policy,
        "PutBucketPublicAccessBlock": put_public_access_block,
        "PutObjectAcl": put_acl,
    },
)
