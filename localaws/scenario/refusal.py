"""What a first deployment does whose seed lacks a grant: it fails with the action and the ARN, and rolls back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from localaws.assembly import take_away_grant
from localaws.deployment import StepError, bootstrap, deploy_assembly, synthesise, write_config
from localaws.ministack import MiniStack
from localaws.scenario.workshop import ACCOUNT, HOME, REGIONS
from trailbell.contract.names import DEFAULT_STACK

ACTION = "appconfig:ListDeployments"
ENVIRONMENT = "/environment/"
"""What is in the one ARN on which the action was granted once; it needs the application's besides.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappconfig.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How a deployment failed."""

    status: str
    """The stack's in the end."""
    reason: str
    """Why the first resource failed."""
    refused: Sequence[tuple[str, str]]
    """Actions and ARNs."""

    def faults(self) -> list[str]:
        """Return what must not be."""
        found = []
        if self.status != "ROLLBACK_COMPLETE":
            found.append(f"without its grant, the stack's status is {self.status}")
        if not self.refused or not all(text in self.reason for text in self.refused[0]):
            found.append(f"a refusal of {self.refused[:1]} is told as {self.reason!r}")
        return found


def deploy_without_grant(folder: Path) -> Refusal:
    """Deploy for the first time, with the seed's first call not granted. Raises StepError where that works."""
    folder.mkdir()
    config = folder / "trailbell.yaml"
    write_config(config, region=HOME, slack_endpoint=None, trail="existing")
    with MiniStack(account=ACCOUNT, region=HOME, log_file=folder / "ministack.log") as aws:
        assembly = synthesise(aws, config=config, assembly=folder / "cdk.out")
        take_away_grant(assembly, ACTION, but=ENVIRONMENT)
        bootstrap(aws, assembly=assembly, regions=REGIONS)
        try:
            deploy_assembly(aws, assembly)
        except StepError:
            return _failure(aws)
    raise StepError(f"the stack was deployed without a grant of {ACTION}")


def _failure(aws: MiniStack) -> Refusal:
    formation = aws.client("cloudformation")
    pages = formation.get_paginator("describe_stack_events").paginate(StackName=DEFAULT_STACK)
    events = [event for page in pages for event in page["StackEvents"]]
    # Newest first.
    failed = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    refused = [(line["action"], line["resource"]) for line in aws.refused()]
    return Refusal(
        status=formation.describe_stacks(StackName=DEFAULT_STACK)["Stacks"][0]["StackStatus"],
        reason=failed[-1]["ResourceStatusReason"] if failed else "",
        refused=list(dict.fromkeys(refused)),
    )
