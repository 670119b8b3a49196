"""EventBridge Scheduler: `scheduler.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="scheduler",
    name="EventBridge Scheduler",
    members={
        "AWS::Scheduler::Schedule": "^name",
        "AWS::Scheduler::ScheduleGroup": "groupname ^name",
    },
    arn_types={"schedule": "AWS::Scheduler::Schedule"},
)
