"""The EventBridge rules that decide what wakes the detector."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import ArnFormat, CfnResource, Stack, aws_events, aws_iam, aws_sqs
from constructs import Construct

from trailbell.contract.names import (
    SLOT_SETS,
    UNUSED_SOURCE,
    RuleState,
    SlotSet,
    slot_name,
    slot_name_prefix,
    slot_names,
)
from trailbell.infra.settings import FilterSettings

RETRY_SECONDS = 24 * 60 * 60
"""How long EventBridge tries to hand over an event: its own maximum."""
RETRY_ATTEMPTS = 185
"""As many as EventBridge makes in that time."""
GENERATION_CHARS = 5
"""What a rule's name of 64 characters has room for, beside a stack's name of 50."""
UNUSED_PATTERN: Mapping[str, Any] = {"source": [UNUSED_SOURCE]}


class Filters(Construct):
    """Two sets of rules on the default bus, of which one suffices (docs/decisions/0013-live-config.md).

    `cdk deploy` fills the deployed slots with the filters of the config that it takes along. Filter sync fills the live
    slots with those of the live config, so CloudFormation must never write one again: it would empty it. Whatever
    changes a live slot's text therefore makes another generation of them, with names of their own: CloudFormation
    makes the new ones, then filter sync fills them, and then CloudFormation takes the old ones away.
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
        self._prefix = name_prefix
        self._target = aws_events.CfnRule.TargetProperty(
            id="Target",
            arn=target_arn,
            role_arn=role_arn,
            dead_letter_config=aws_events.CfnRule.DeadLetterConfigProperty(arn=dead_letter_queue.queue_arn),
            retry_policy=aws_events.CfnRule.RetryPolicyProperty(
                maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRY_ATTEMPTS
            ),
        )
        live = [_text("live", number, slots, None) for number in range(1, slots + 1)]
        self.generation = self._fingerprint(live)
        """Tells these live slots from those of a deployment that has others."""
        content: list[FilterSettings | None] = [*filters, *[None] * (slots - len(filters))]
        # The generation stands in the text, so that a new one is never without deployed slots that are on.
        deployed = [
            _text("slot", number, slots, filter_, f", beside live filters {self.generation}")
            for number, filter_ in enumerate(content, start=1)
        ]
        self.deployed_rules = [self._rule("slot", number, text) for number, text in enumerate(deployed, start=1)]
        self._live_rules = [self._rule("live", number, text) for number, text in enumerate(live, start=1)]
        for covering, rule in zip(self.deployed_rules, self._live_rules, strict=True):
            rule.add_resource_dependency(covering)

    @property
    def rules(self) -> list[aws_events.CfnRule]:
        """The rules of both sets."""
        return [*self.deployed_rules, *self._live_rules]

    @property
    def names(self) -> list[str]:
        """The names of the rules of both sets."""
        return slot_names(self._prefix, len(self.deployed_rules), generation=self.generation)

    @property
    def arns(self) -> list[str]:
        """What the ARNs of the rules of both sets are like; named one by one they outgrow a policy."""
        return [
            Stack.of(self).format_arn(
                service="events",
                resource="rule",
                resource_name=f"{slot_name_prefix(self._prefix, kind)}*",
                arn_format=ArnFormat.SLASH_RESOURCE_NAME,
            )
            for kind in SLOT_SETS
        ]

    def begin_after(self, resource: CfnResource) -> None:
        """Let no rule be made before `resource` is: what it needs to hand an event over."""
        for rule in self.rules:
            rule.add_resource_dependency(resource)

    def _rule(self, kind: SlotSet, number: int, text: Mapping[str, Any]) -> aws_events.CfnRule:
        generation = self.generation if kind == "live" else ""
        return aws_events.CfnRule(
            self,
            f"{kind.capitalize()}{generation}{number}",
            name=slot_name(self._prefix, kind, number, generation=self.generation),
            targets=[self._target],
            **text,
        )

    def _fingerprint(self, texts: Sequence[Mapping[str, Any]]) -> str:
        resolved = Stack.of(self).resolve([self._prefix, self._target, *texts])
        digest = hashlib.sha256(json.dumps(resolved, sort_keys=True).encode()).digest()
        return base64.b32encode(digest).decode().lower()[:GENERATION_CHARS]

    def may_leave_events_in(self, queue: aws_sqs.IQueue, *others: str) -> aws_iam.PolicyStatement:
        """Return the statement of the queue's policy by which these rules leave there what fails.

        So do the `others`, which are ARNs, and nothing else does.
        """
        return aws_iam.PolicyStatement(
            sid="FiltersLeaveWhatTheyCannotDeliver",
            principals=[aws_iam.ServicePrincipal("events.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[queue.queue_arn],
            conditions={"ArnLike": {"aws:SourceArn": [*self.arns, *others]}},
        )


def description(kind: SlotSet) -> str:
    """Return what the descriptions of one set's rules begin with."""
    return f"Trailbell, {kind} filter"


def _text(kind: SlotSet, number: int, slots: int, filter_: FilterSettings | None, more: str = "") -> Mapping[str, Any]:
    """Return what a rule says besides its name and its target."""
    return {
        "description": f"{description(kind)} {number} of {slots}{more}",
        "event_pattern": filter_.pattern if filter_ else UNUSED_PATTERN,
        "state": _state(filter_),
    }


def _state(filter_: FilterSettings | None) -> RuleState:
    if filter_ is None:
        return RuleState.DISABLED
    return RuleState.ENABLED_FOR_READS if filter_.read_only else RuleState.ENABLED
