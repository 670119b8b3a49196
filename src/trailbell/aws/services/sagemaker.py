"""SageMaker: `sagemaker.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="sagemaker",
    name="SageMaker",
    members={
        "AWS::SageMaker::NotebookInstance": "notebookinstancename",
        "AWS::SageMaker::Endpoint": "endpointname",
        "AWS::SageMaker::Model": "modelname",
        "AWS::SageMaker::TrainingJob": "trainingjobname",
        "AWS::SageMaker::Domain": "domainid",
    },
    arn_types={
        "notebook-instance": "AWS::SageMaker::NotebookInstance",
        "endpoint": "AWS::SageMaker::Endpoint",
    },
)
