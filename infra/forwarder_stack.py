"""The forwarder: sends what another region's bus sees home. Composes, and holds every grant."""

from typing import Any

from aws_cdk import ArnFormat, CfnOutput, Stack, aws_iam
from constructs import Construct

from infra.filters import Filters
from infra.queues import dead_letter_queue
from infra.settings import Settings
from trailbell.contract.names import FORWARDER_DEAD_LETTERS


class ForwarderStack(Stack):
    """The hub's filters again, in another region, with the home region's default bus as their target."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, **options: Any) -> None:
        """Compose the stack. `options` go to `Stack` as they are."""
        super().__init__(scope, id_, description="Trailbell: forwards events to the home region", **options)
        home_bus = self.format_arn(
            service="events",
            region=settings.home_region,
            resource="event-bus",
            resource_name="default",
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        role = aws_iam.Role(
            self,
            "Role",
            # EventBridge names the account of the rule that it acts for:
            # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
            assumed_by=aws_iam.ServicePrincipal(
                "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            ),
        )
        undelivered = dead_letter_queue(self, "DeadLetters")
        self.filters = filters = Filters(
            self,
            "Filters",
            name_prefix=settings.stack_name,
            filters=settings.filters,
            slots=settings.slots,
            target_arn=home_bus,
            role_arn=role.role_arn,
            dead_letter_queue=undelivered,
        )

        # Grants.
        role.add_to_policy(aws_iam.PolicyStatement(actions=["events:PutEvents"], resources=[home_bus]))
        undelivered.add_to_resource_policy(filters.may_leave_events_in(undelivered))
        for rule in filters.rules:
            # Its policy, too: what a rule sends before is a dead letter.
            rule.node.add_dependency(role)
        CfnOutput(
            self, FORWARDER_DEAD_LETTERS, value=undelivered.queue_url, description="What could not be forwarded home"
        )
