"""Lambda handler of filter sync: runs on deployments, every 15 minutes, and for `trailbell config push`."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from trailbell.config.deployments import InForce
from trailbell.contract.environments.rule_config import FilterSyncEnvironment
from trailbell.contract.names import RuleState
from trailbell.errors import ConfigError, FilterError
from trailbell.functions.filter_sync.app_config import HostedConfigs
from trailbell.functions.filter_sync.event_bridge import Slots
from trailbell.functions.filter_sync.layout import Layout, plan_layout
from trailbell.functions.filter_sync.sync import Filters, Outcome, settle, widen
from trailbell.rule import Rule
from trailbell.runtime.clients import connect

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
class Report:
    """What was done."""

    filters: int | None
    """How many are in use; None where no config is in force."""
    changed: Sequence[str] = ()
    """Places."""
    absent: Sequence[str] = ()
    """Places whose stack is not deployed, or not as this one is."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Place -> what AWS said. Its filters stay as they were, or half-written; the next sync goes on."""
    versions: Sequence[int] = ()
    """What the filters were brought in line with."""

    @property
    def refusals(self) -> str:
        """The refusals in one sentence."""
        refused = "; ".join(f"{place}: {reason}" for place, reason in self.refused.items())
        return f"filters could not be changed in {refused}. Those of all other regions are in line"


Step = Callable[[Filters, Layout, Callable[[], None]], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSync:
    """Brings the filters of every place in line with the configs in force."""

    configs: Configs
    places: Sequence[Filters]
    slots: int
    heeded: Callable[[], None]
    """Waits until EventBridge heeds what was changed."""

    def widen(self, version: int) -> Report:
        """Let through what a version needs that is about to be deployed. Raises ConfigError where it is broken."""
        rules = list(self.configs.rules(version))
        for other in self.configs.in_force().versions:
            try:
                rules += self.configs.rules(other)
            except ConfigError as error:
                # No detector runs it, and what was let through for the last good one stays.
                logger.warning("A version in force is broken", reason=str(error))
        layout = plan_layout(rules, self.slots)
        return self._everywhere(widen, layout)

    def settle(self) -> Report:
        """Let through what the configs in force need, and no more.

        Raises ConfigError where one of them is broken: detectors go on with an earlier one, so nothing is changed.
        """
        report = Report(filters=None)
        for _ in range(MOST_ROUNDS):
            versions = self.configs.in_force().versions
            if not versions:
                return report
            layout = plan_layout([rule for version in versions for rule in self.configs.rules(version)], self.slots)
            report = replace(self._everywhere(settle, layout), versions=versions)
            # A deployment that began meanwhile needs more than this.
            if self.configs.in_force().versions == versions:
                break
        return report

    def _everywhere(self, step: Step, layout: Layout) -> Report:
        """Take a step in every place, each for itself: one that refuses holds up no other."""
        found: dict[str, Outcome] = {}
        refused: dict[str, str] = {}
        with ThreadPoolExecutor(max_workers=max(1, len(self.places))) as pool:
            steps = {str(each.place): pool.submit(step, each, layout, self.heeded) for each in self.places}
            for name, future in steps.items():
                try:
                    found[name] = future.result()
                except (BotoCoreError, ClientError) as error:
                    refused[name] = str(error)
        return Report(
            filters=sum(slot.state != RuleState.DISABLED for slot in layout),
            changed=tuple(name for name, outcome in found.items() if outcome is Outcome.CHANGED),
            absent=tuple(name for name, outcome in found.items() if outcome is Outcome.ABSENT),
            refused=refused,
        )


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
        places=[
            Slots(
                connect("events", region=place.region),
                place=place,
                prefix=environment.slot_prefix,
                generation=generation,
                count=environment.slots,
            )
            for place, generation in zip(environment.places, environment.live_generations, strict=True)
        ],
        slots=environment.slots,
        heeded=lambda: time.sleep(heeded_seconds),
    )


@logger.inject_lambda_context
def handler(event: Any, context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it over
    """Bring the filters in line; `{"widen": N}` asks for what version N needs besides.

    Raises FilterError at the end where a region refused, so that the alarm on errors hears of it. Who asks to widen
    reads it in the report and settles next.
    """
    sync = start(os.environ)
    version = event.get("widen") if isinstance(event, dict) else None
    report = sync.settle() if version is None else sync.widen(int(version))
    document = asdict(report)
    if report.refused:
        logger.error("Some regions refused", extra=document)
        if version is None:
            raise FilterError(report.refusals)
    else:
        logger.info("Filters in line", extra=document)
    return document
