"""Batch: `batch.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="batch",
    name="Batch",
    members={
        "AWS::Batch::JobQueue": "jobqueue jobqueuename",
        "AWS::Batch::JobDefinition": "jobdefinition jobdefinitionname",
        "AWS::Batch::ComputeEnvironment": "computeenvironment computeenvironmentname",
    },
)
