"""The heartbeat: once an hour an event goes all the way to SNS (docs/decisions/0012-heartbeat.md)."""

import json

from aws_cdk import (
    Duration,
    Stack,
    aws_events,
    aws_iam,
    aws_kms,
    aws_lambda,
    aws_scheduler,
    aws_sns,
    aws_sqs,
)
from constructs import Construct

from trailbell.contract.names import API_CALL, HEARTBEAT_EVENT_NAME, TEST_SOURCE, RuleState

DETAIL = {"eventVersion": "1.09", "eventSource": TEST_SOURCE, "eventName": HEARTBEAT_EVENT_NAME}
GIVE_UP_AFTER = Duration.hours(1)
"""Then there is the next."""


class Heartbeat(Construct):
    """A schedule puts the event on the default bus, a rule hands it to the detector, the detector to the topic."""

    def __init__(self, scope: Construct, id_: str, *, key: aws_kms.Key) -> None:
        """Make the topic. `key` is the one that the alerts topic is encrypted with."""
        super().__init__(scope, id_)
        self.topic = aws_sns.Topic(self, "Topic", display_name="Trailbell heartbeat", master_key=key, enforce_ssl=True)

    def beat_through(self, detector: aws_lambda.IFunction, *, dead_letter_queue: aws_sqs.IQueue) -> str:
        """Put the event on the bus by the hour, and hand it to the detector.

        Returns the ARN of the rule that does: the detector's policy must let it in, and the queue's.
        """
        stack = Stack.of(self)
        # Not CDK's own `Rule`: its targets add a permission each, and the detector has one policy for all.
        rule = aws_events.CfnRule(
            self,
            "Rule",
            description="Trailbell: the heartbeat, to the detector",
            event_pattern={
                "source": [TEST_SOURCE], "detail-type": [API_CALL], "detail": {"eventName": [HEARTBEAT_EVENT_NAME]}
            },
            state=RuleState.ENABLED,
            targets=[
                aws_events.CfnRule.TargetProperty(
                    id="Target",
                    arn=detector.function_arn,
                    dead_letter_config=aws_events.CfnRule.DeadLetterConfigProperty(arn=dead_letter_queue.queue_arn),
                    retry_policy=aws_events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=int(GIVE_UP_AFTER.to_seconds()), maximum_retry_attempts=10
                    ),
                )
            ],
        )  # fmt: skip
        bus = aws_events.EventBus.from_event_bus_name(self, "Bus", "default")
        role = aws_iam.Role(
            self,
            "Role",
            # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
            assumed_by=aws_iam.ServicePrincipal(
                "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
        )
        granted = role.add_to_principal_policy(
            aws_iam.PolicyStatement(actions=["events:PutEvents"], resources=[bus.event_bus_arn])
        )
        schedule = aws_scheduler.CfnSchedule(
            self,
            "Schedule",
            description="Trailbell: puts the heartbeat on the bus",
            schedule_expression="rate(1 hour)",
            flexible_time_window=aws_scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=aws_scheduler.CfnSchedule.TargetProperty(
                # The service is AWS's own, so the account is left out:
                # https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
                arn=f"arn:{stack.partition}:scheduler:::aws-sdk:eventbridge:putEvents",
                role_arn=role.role_arn,
                input=json.dumps({"Entries": [entry()]}),
                retry_policy=aws_scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=int(GIVE_UP_AFTER.to_seconds()), maximum_retry_attempts=10
                ),
            ),
        )
        if granted.policy_dependable:
            schedule.node.add_dependency(granted.policy_dependable)
        return rule.attr_arn


def entry() -> dict[str, str]:
    """Return the heartbeat as PutEvents takes it."""
    return {"EventBusName": "default", "Source": TEST_SOURCE, "DetailType": API_CALL, "Detail": json.dumps(DETAIL)}
