"""EKS: `eks.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="eks",
    name="EKS",
    members={
        "AWS::EKS::Cluster": "clustername ^name",
        "AWS::EKS::Nodegroup": "nodegroupname",
        "AWS::EKS::Addon": "addonname",
        "AWS::EKS::FargateProfile": "fargateprofilename",
        "AWS::EKS::AccessEntry": "principalarn",
    },
    arn_types={
        "cluster": "AWS::EKS::Cluster",
        "nodegroup": "AWS::EKS::Nodegroup",
        "addon": "AWS::EKS::Addon",
    },
    pages={"AWS::EKS::Cluster": "eks/home?region={region}#/clusters/{id}"},
    sentences={
        "CreateCluster": "create cluster {name}",
        "DeleteCluster": "delete cluster {name}",
        "CreateAccessEntry": "give {#principalArn} access to cluster {name|clusterName}",
        "AssociateAccessPolicy": "give {#principalArn} {#policyArn} in cluster {name|clusterName}",
    },
)
