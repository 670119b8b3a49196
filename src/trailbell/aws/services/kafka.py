"""MSK: `kafka.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="kafka",
    name="MSK",
    members={"AWS::MSK::Cluster": "clustername clusterarn"},
)
