"""Lambda handler of filter sync: runs on deployments, every 15 minutes, and for `trailbell config push`."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from filter_sync.app_config import HostedConfigs
from filter_sync.event_bridge import Slots
from filter_sync.layout import Layout, plan_layout
from filter_sync.sync import Region, settle, widen
from state.clients import connect
from trailbell.contract.environments.rule_config import FilterSyncEnvironment
from trailbell.contract.names import RuleState
from trailbell.deployments import InForce
from trailbell.errors import ConfigError
from trailbell.rules import Rule

logger = Logger()

HEEDED_SECONDS = 10
"""How long EventBridge is given to heed a changed rule; it says "a short period of time" without a figure.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
"""
MOST_ROUNDS = 3


class Configs(Protocol):
    """The versions of the config."""

    def in_force(self) -> InForce:
        """Return the versions that a detector may run now."""

    def rules(self, version: int, /) -> Sequence[Rule]:
        """Return a version's rules. Raises ConfigError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSync:
    """Brings the filters of every region in line with the configs in force."""

    configs: Configs
    regions: Sequence[Region]
    slots: int
    heeded: Callable[[], None]
    """Waits until EventBridge heeds what was changed."""

    def widen(self, version: int) -> dict[str, Any]:
        """Let through what a version needs that is about to be deployed. Raises ConfigError where it is broken."""
        rules = list(self.configs.rules(version))
        for other in self.configs.in_force().versions:
            try:
                rules += self.configs.rules(other)
            except ConfigError as error:
                # No detector runs it, and what was let through for the last good one stays.
                logger.warning("A version in force is broken", reason=str(error))
        layout = plan_layout(rules, self.slots)
        return _report(layout, widen(self.regions, layout, self.heeded))

    def settle(self) -> dict[str, Any]:
        """Let through what the configs in force need, and no more.

        Raises ConfigError where one of them is broken: detectors go on with an earlier one, so nothing is changed.
        """
        for _ in range(MOST_ROUNDS):
            versions = self.configs.in_force().versions
            if not versions:
                return {"filters": None, "changed": [], "versions": []}
            layout = plan_layout([rule for version in versions for rule in self.configs.rules(version)], self.slots)
            changed = settle(self.regions, layout, self.heeded)
            # A deployment that began meanwhile needs more than this.
            if self.configs.in_force().versions == versions:
                break
        return _report(layout, changed) | {"versions": list(versions)}


def _report(layout: Layout, changed: Sequence[str]) -> dict[str, Any]:
    return {"filters": sum(slot.state != RuleState.DISABLED for slot in layout), "changed": list(changed)}


def start(variables: Mapping[str, str]) -> FilterSync:
    """Put the parts together. Raises VariableError."""
    environment = FilterSyncEnvironment.read(variables)
    heeded_seconds = HEEDED_SECONDS if environment.heeded_seconds is None else environment.heeded_seconds
    return FilterSync(
        configs=HostedConfigs(
            connect("appconfig"),
            application=environment.config_application,
            environment=environment.config_environment,
            profile=environment.config_profile,
        ),
        regions=tuple(
            Slots(connect("events", region=name), region=name, prefix=environment.slot_prefix, count=environment.slots)
            for name in environment.regions
        ),
        slots=environment.slots,
        heeded=lambda: time.sleep(heeded_seconds),
    )


@logger.inject_lambda_context
def handler(event: Any, context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it over
    """Bring the filters in line; `{"widen": N}` asks for what version N needs besides."""
    sync = start(os.environ)
    version = event.get("widen") if isinstance(event, dict) else None
    report = sync.settle() if version is None else sync.widen(int(version))
    logger.info("Filters in line", extra=report)
    return report
