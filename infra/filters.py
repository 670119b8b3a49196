"""The EventBridge rules that decide what wakes the detector."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_events, aws_iam, aws_sqs
from constructs import Construct

from infra.settings import FilterSettings
from trailbell.contract.names import SLOT_SETS, UNUSED_SOURCE, RuleState, SlotSet, slot_name

RETRY_SECONDS = 24 * 60 * 60
"""How long EventBridge tries to hand over an event: its own maximum."""
RETRY_ATTEMPTS = 185
"""As many as EventBridge makes in that time."""
UNUSED_PATTERN: Mapping[str, Any] = {"source": [UNUSED_SOURCE]}


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
        content: Mapping[SlotSet, Sequence[FilterSettings | None]] = {
            "slot": [*filters, *[None] * (slots - len(filters))],
            "live": [None] * slots,
        }
        self.rules = [
            aws_events.CfnRule(
                self,
                f"{kind.capitalize()}{number}",
                name=slot_name(name_prefix, kind, number),
                description=f"Trailbell, {kind} filter {number} of {slots}",
                event_pattern=filter_.pattern if filter_ else UNUSED_PATTERN,
                state=_state(filter_),
                targets=[target],
            )
            for kind in SLOT_SETS
            for number, filter_ in enumerate(content[kind], start=1)
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


def _state(filter_: FilterSettings | None) -> RuleState:
    if filter_ is None:
        return RuleState.DISABLED
    return RuleState.ENABLED_FOR_READS if filter_.read_only else RuleState.ENABLED
