"""The trail that EventBridge needs to see API calls: of every region, management events only."""

from aws_cdk import Duration, RemovalPolicy, aws_cloudtrail, aws_s3
from constructs import Construct

from trailbell.infra.base.nag import acknowledge

KEPT = Duration.days(365)
"""How long the trail's own log files stay in S3."""


class Trail(Construct):
    """A multi-region trail into a bucket of its own. The first copy of management events costs nothing at CloudTrail.

    https://aws.amazon.com/cloudtrail/pricing/
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.bucket = aws_s3.Bucket(
            self,
            "Bucket",
            encryption=aws_s3.BucketEncryption.S3_MANAGED,
            block_public_access=aws_s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            object_ownership=aws_s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[aws_s3.LifecycleRule(expiration=KEPT, noncurrent_version_expiration=Duration.days(30))],
            # An audit log outlives the tool that reads it.
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(
            self.bucket,
            "AwsSolutions-S1",
            (
                "The bucket holds the audit log itself; server access logs of it would need another bucket with the "
                "same question. Reads of it are S3 data events, which an account can add to a trail."
            ),
        )
        self.trail = aws_cloudtrail.Trail(
            self,
            "Trail",
            bucket=self.bucket,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_file_validation=True,
            management_events=aws_cloudtrail.ReadWriteType.ALL,
        )
