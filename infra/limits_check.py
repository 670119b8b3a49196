"""Has AWS's limits checked by whichever app synthesises the stacks, as cdk-nag's packs are."""

from collections.abc import Sequence
from pathlib import Path

import jsii
from aws_cdk import (
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Stack,
)

from trailbell.contract.version import VERSION
from trailbell.infra.limits import Excess, check_templates

RULE = "aws-limit"


@jsii.implements(IPolicyValidationPlugin)
class LimitsCheck:
    """Refuses a synth that AWS would refuse to deploy."""

    def __init__(self, stacks: Sequence[Stack]) -> None:
        """`stacks` are ours: an app may have others, whose templates are no business of Trailbell."""
        self._files = {stack.template_file for stack in stacks}

    @property
    def name(self) -> str:
        """Return what reports call the check."""
        return "Trailbell"

    @property
    def version(self) -> str:
        """Return the version that reports tell."""
        return VERSION

    @property
    def rule_ids(self) -> list[str]:
        """Return what is checked."""
        return [RULE]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Check the templates that were written."""
        ours = [path for path in map(Path, context.template_paths) if path.name in self._files]
        violations = [_violation(excess) for excess in check_templates(ours)]
        return PolicyValidationPluginReport(success=not violations, violations=violations)


def _violation(excess: Excess) -> PolicyViolation:
    return PolicyViolation(
        rule_name=RULE,
        description=excess.fault,
        fix=excess.remedy,
        # What is fatal cannot be acknowledged: AWS makes no exception either.
        severity="fatal",
        violating_resources=[
            PolicyViolatingResource(template_path=f"{excess.stack}.template.json", locations=[excess.what])
        ],
    )
