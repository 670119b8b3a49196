"""CloudFormation: `cloudformation.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cloudformation",
    name="CloudFormation",
    members={
        "AWS::CloudFormation::Stack": "stackname stackid",
        "AWS::CloudFormation::StackSet": "stacksetname",
        "AWS::CloudFormation::ChangeSet": "changesetname",
    },
    arn_types={
        "stack": "AWS::CloudFormation::Stack",
        "stackset": "AWS::CloudFormation::StackSet",
    },
    pages={"AWS::CloudFormation::Stack": "cloudformation/home?region={region}#/stacks/stackinfo?stackId={arn}"},
    sentences={
        "CreateStack": "create stack {stackName}",
        "UpdateStack": "update stack {stackName}",
        "DeleteStack": "delete stack {#stackName}",
    },
)
