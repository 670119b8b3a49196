"""CodePipeline: `codepipeline.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="codepipeline",
    name="CodePipeline",
    members={"AWS::CodePipeline::Pipeline": "pipelinename ^name"},
)
