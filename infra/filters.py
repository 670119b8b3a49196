"""The EventBridge rules that decide what wakes the detector."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_events, aws_iam, aws_sqs
from constructs import Construct

from infra.settings import FilterSettings

RETRY_SECONDS = 24 * 60 * 60
"""How long EventBridge tries to hand over an event: its own maximum."""
RETRY_ATTEMPTS = 185
"""As many as EventBridge makes in that time."""
UNUSED_PATTERN: Mapping[str, Any] = {"source": ["trailbell.unused"]}
"""What a slot without a filter holds; it is disabled besides."""
STATE_PLAIN = "ENABLED"
STATE_READ_ONLY = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
"""Only in this state does a rule get read-only management events.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""


class Filters(Construct):
    """A fixed number of rules on the default bus; the filters fill as many as they need, the rest are disabled."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        filters: Sequence[FilterSettings],
        slots: int,
        target_arn: str,
        dead_letter_queue: aws_sqs.IQueue,
        role_arn: str | None = None,
    ) -> None:
        """Make the rules. `role_arn` is what EventBridge assumes to reach a target that is a bus.

        Raises ValueError where there are more filters than slots.
        """
        super().__init__(scope, id_)
        if len(filters) > slots:
            raise ValueError(f"{len(filters)} filters do not fit {slots} slots; raise deployment.slots in the config")
        padded: list[FilterSettings | None] = [*filters, *[None] * (slots - len(filters))]
        self.rules = [
            aws_events.CfnRule(
                self,
                f"Slot{number}",
                description=f"Trailbell filter {number} of {slots}: {'in use' if filter_ else 'unused'}",
                event_pattern=filter_.pattern if filter_ else UNUSED_PATTERN,
                state=_state(filter_),
                targets=[
                    aws_events.CfnRule.TargetProperty(
                        id="Target",
                        arn=target_arn,
                        role_arn=role_arn,
                        dead_letter_config=aws_events.CfnRule.DeadLetterConfigProperty(arn=dead_letter_queue.queue_arn),
                        retry_policy=aws_events.CfnRule.RetryPolicyProperty(
                            maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRY_ATTEMPTS
                        ),
                    )
                ],
            )
            for number, filter_ in enumerate(padded, start=1)
        ]

    def may_leave_events_in(self, queue: aws_sqs.IQueue) -> aws_iam.PolicyStatement:
        """Return the statement of the queue's policy by which these rules, and no others, leave there what fails."""
        return aws_iam.PolicyStatement(
            sid="FiltersLeaveWhatTheyCannotDeliver",
            principals=[aws_iam.ServicePrincipal("events.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[queue.queue_arn],
            conditions={"ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in self.rules]}},
        )


def _state(filter_: FilterSettings | None) -> str:
    if filter_ is None:
        return "DISABLED"
    return STATE_READ_ONLY if filter_.read_only else STATE_PLAIN
