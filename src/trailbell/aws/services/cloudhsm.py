"""CloudHSM: `cloudhsm.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cloudhsm",
    name="cloudhsm",
    members={"AWS::CloudHSM::Cluster": "clusterid"},
)
