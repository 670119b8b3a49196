"""ECS: `ecs.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="ecs",
    name="ECS",
    members={
        "AWS::ECS::Cluster": "cluster clustername clusterarn",
        "AWS::ECS::Service": "service servicename servicearn",
        "AWS::ECS::TaskDefinition": "taskdefinition taskdefinitionarn family",
        "AWS::ECS::Task": "task taskarn",
    },
    arn_types={
        "cluster": "AWS::ECS::Cluster",
        "service": "AWS::ECS::Service",
        "task-definition": "AWS::ECS::TaskDefinition",
        "task": "AWS::ECS::Task",
    },
    pages={"AWS::ECS::Cluster": "ecs/v2/clusters/{id}?region={region}"},
    sentences={
        "CreateCluster": "create cluster {clusterName}",
        "RegisterTaskDefinition": "register task definition {family}",
        "RunTask": "run task definition {#taskDefinition} in cluster {#cluster}",
        "ExecuteCommand": "run a command in task {#task} of cluster {#cluster}",
    },
)
