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
DEPLOYED, LIVE = "Slot", "Live"
"""The two sets of slots."""
UNUSED_PATTERN: Mapping[str, Any] = {"source": ["trailbell.unused"]}
"""What a slot without a filter holds; it is disabled besides."""
STATE_PLAIN = "ENABLED"
STATE_READ_ONLY = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
"""Only in this state does a rule get read-only management events.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""


class Filters(Construct):
    """Two sets of rules on the default bus, of which one suffices (docs/decisions/0013-live-config.md).

    `cdk deploy` fills the deployed slots with the filters of the config that it takes along. Filter sync fills the live
    slots with those of the live config; CloudFormation never writes them again, for here they never change.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name_prefix: str,
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
        target = aws_events.CfnRule.TargetProperty(
            id="Target",
            arn=target_arn,
            role_arn=role_arn,
            dead_letter_config=aws_events.CfnRule.DeadLetterConfigProperty(arn=dead_letter_queue.queue_arn),
            retry_policy=aws_events.CfnRule.RetryPolicyProperty(
                maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRY_ATTEMPTS
            ),
        )
        deployed: list[FilterSettings | None] = [*filters, *[None] * (slots - len(filters))]
        self.rules = [
            aws_events.CfnRule(
                self,
                f"{kind}{number}",
                name=rule_name(name_prefix, kind, number),
                description=f"Trailbell, {kind.lower()} filter {number} of {slots}",
                event_pattern=filter_.pattern if filter_ else UNUSED_PATTERN,
                state=_state(filter_),
                targets=[target],
            )
            for kind, content in ((DEPLOYED, deployed), (LIVE, [None] * slots))
            for number, filter_ in enumerate(content, start=1)
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


def rule_name(prefix: str, kind: str, number: int) -> str:
    """Return the name of a slot's rule: the same in every region, so that filter sync finds it."""
    return f"{prefix}-{kind.lower()}-{number}"


def rule_names(prefix: str, slots: int) -> list[str]:
    """Return the names of all slots' rules."""
    return [rule_name(prefix, kind, number) for kind in (DEPLOYED, LIVE) for number in range(1, slots + 1)]
