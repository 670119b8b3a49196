"""EMR: `elasticmapreduce.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="elasticmapreduce",
    name="EMR",
    members={
        "AWS::EMR::Cluster": "jobflowid clusterid jobflowids",
        "AWS::EMR::SecurityConfiguration": "securityconfiguration",
    },
)
