"""The forwarder: sends what another region's bus sees home, by the role that the hub has for it."""

from typing import Any

from aws_cdk import ArnFormat, CfnOutput
from constructs import Construct

from trailbell.contract.names import FORWARDER_DEAD_LETTERS, forwarder_role_name
from trailbell.infra.base.queues import dead_letter_queue
from trailbell.infra.base.stack import FixedStack
from trailbell.infra.parts.filters import Filters
from trailbell.infra.settings import Settings


class ForwarderStack(FixedStack):
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
        undelivered = dead_letter_queue(self, "DeadLetters")
        self.filters = filters = Filters(
            self,
            "Filters",
            name_prefix=settings.stack_name,
            filters=settings.filters,
            slots=settings.slots,
            target_arn=home_bus,
            role_arn=self.format_arn(
                service="iam", region="", resource="role", resource_name=forwarder_role_name(settings.stack_name)
            ),
            dead_letter_queue=undelivered,
        )

        # Grants.
        undelivered.add_to_resource_policy(filters.may_leave_events_in(undelivered))
        CfnOutput(
            self, FORWARDER_DEAD_LETTERS, value=undelivered.queue_url, description="What could not be forwarded home"
        )
