"""Step Functions: `states.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="states",
    name="Step Functions",
    members={
        "AWS::StepFunctions::StateMachine": "statemachinearn",
        "AWS::StepFunctions::Activity": "activityarn",
    },
    arn_types={"stateMachine": "AWS::StepFunctions::StateMachine"},
    pages={"AWS::StepFunctions::StateMachine": "states/home?region={region}#/statemachines/view/{arn}"},
)
