"""ECR Public: `ecr-public.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="ecr-public",
    name="ECR Public",
    members={"AWS::ECR::PublicRepository": "repositoryname"},
)
