"""CodeBuild: `codebuild.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="codebuild",
    name="CodeBuild",
    members={
        "AWS::CodeBuild::Project": "projectname ^name",
        "AWS::CodeBuild::Build": "buildid",
    },
    arn_types={"project": "AWS::CodeBuild::Project"},
)
