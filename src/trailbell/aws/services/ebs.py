"""EBS: `ebs.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="ebs",
    name="EBS",
    members={"AWS::EC2::Snapshot": "snapshotid"},
)
