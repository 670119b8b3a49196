"""CodeDeploy: `codedeploy.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="codedeploy",
    name="CodeDeploy",
    members={
        "AWS::CodeDeploy::Application": "applicationname",
        "AWS::CodeDeploy::DeploymentGroup": "deploymentgroupname deploymentgroup",
    },
)
