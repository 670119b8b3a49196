"""CodeCommit: `codecommit.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="codecommit",
    name="CodeCommit",
    members={"AWS::CodeCommit::Repository": "repositoryname"},
)
