"""S3 Express One Zone (directory buckets): `s3express.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="s3express",
    name="s3express",
    members={"AWS::S3Express::DirectoryBucket": "bucketname"},
    roles={
        "DeleteBucketPolicy": "changed",
        "DeleteBucketEncryption": "changed",
        "DeleteBucketLifecycle": "changed",
        "DeletePublicAccessBlock": "changed",
    },
)
