"""Database Migration Service: `dms.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="dms",
    name="Database Migration Service",
    members={
        "AWS::DMS::ReplicationInstance": "replicationinstanceidentifier replicationinstancearn",
        "AWS::DMS::Endpoint": "endpointidentifier endpointarn",
        "AWS::DMS::ReplicationTask": "replicationtaskidentifier replicationtaskarn",
    },
)
