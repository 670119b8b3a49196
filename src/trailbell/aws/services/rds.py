"""RDS: `rds.amazonaws.com`."""

from trailbell.aws.phrases import share
from trailbell.aws.service import Service
from trailbell.call.lookup import Call, clip


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


SERVICE = Service(
    source="rds",
    name="RDS",
    members={
        "AWS::RDS::DBInstance": "dbinstanceidentifier sourcedbinstanceidentifier targetdbinstanceidentifier",
        "AWS::RDS::DBCluster": "dbclusteridentifier sourcedbclusteridentifier",
        "AWS::RDS::DBSnapshot": "dbsnapshotidentifier sourcedbsnapshotidentifier targetdbsnapshotidentifier",
        "AWS::RDS::DBClusterSnapshot": "dbclustersnapshotidentifier",
        "AWS::RDS::DBSubnetGroup": "dbsubnetgroupname",
        "AWS::RDS::DBParameterGroup": "dbparametergroupname",
        "AWS::RDS::OptionGroup": "optiongroupname",
        "AWS::RDS::EventSubscription": "subscriptionname",
        "AWS::RDS::DBProxy": "dbproxyname",
    },
    arn_types={
        "db": "AWS::RDS::DBInstance",
        "cluster": "AWS::RDS::DBCluster",
        "snapshot": "AWS::RDS::DBSnapshot",
        "cluster-snapshot": "AWS::RDS::DBClusterSnapshot",
        "subgrp": "AWS::RDS::DBSubnetGroup",
        "pg": "AWS::RDS::DBParameterGroup",
    },
    roles={"StartDBInstance": "changed"},
    pages={
        "AWS::RDS::DBInstance": "rds/home?region={region}#database:id={id}",
        "AWS::RDS::DBCluster": "rds/home?region={region}#database:id={id};is-cluster=true",
        "AWS::RDS::DBSnapshot": "rds/home?region={region}#db-snapshot:id={id}",
    },
    sentences={
        "CreateDBInstance": "create database {dBInstanceIdentifier}",
        "DeleteDBInstance": "delete database {dBInstanceIdentifier}",
        "StopDBInstance": "stop database {dBInstanceIdentifier}",
        "StartDBInstance": "start database {dBInstanceIdentifier}",
        "DeleteDBCluster": "delete database cluster {dBClusterIdentifier}",
        "CreateDBSnapshot": "take snapshot {dBSnapshotIdentifier} of database {dBInstanceIdentifier}",
        "DeleteDBSnapshot": "delete database snapshot {dBSnapshotIdentifier}",
        "StartExportTask": "export {#sourceArn} to bucket {s3BucketName}",
        "ModifyDBClusterSnapshotAttribute": share,
        "ModifyDBInstance": modify_db_instance,
        "ModifyDBSnapshotAttribute": share,
    },
)
