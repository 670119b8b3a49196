"""Redshift: `redshift.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="redshift",
    name="Redshift",
    members={
        "AWS::Redshift::Cluster": "clusteridentifier",
        "AWS::Redshift::ClusterSnapshot": "snapshotidentifier",
        "AWS::Redshift::ClusterSubnetGroup": "clustersubnetgroupname",
    },
    arn_types={"cluster": "AWS::Redshift::Cluster"},
)
