"""ECR: `ecr.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="ecr",
    name="ECR",
    members={"AWS::ECR::Repository": "repositoryname"},
    arn_types={"repository": "AWS::ECR::Repository"},
    pages={"AWS::ECR::Repository": "ecr/repositories?region={region}"},
    sentences={
        "CreateRepository": "create repository {repositoryName}",
        "DeleteRepository": "delete repository {repositoryName}",
        "SetRepositoryPolicy": "change the policy of repository {repositoryName}",
    },
)
