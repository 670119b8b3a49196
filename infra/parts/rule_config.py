"""The live config in AppConfig, and the three functions around it: validator, seed, filter sync."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import (
    ArnFormat,
    CustomResource,
    Duration,
    Stack,
    aws_appconfig,
    aws_cloudwatch,
    aws_events,
    aws_events_targets,
    aws_iam,
)
from constructs import Construct, IDependable

from trailbell.contract.environments.rule_config import (
    ConfigSeedEnvironment,
    ConfigValidatorEnvironment,
    FilterSyncEnvironment,
)
from trailbell.contract.names import API_CALL, PACKAGED_CONFIG, SLOT_SETS, Output, slot_name_prefix
from trailbell.contract.places import Place
from trailbell.contract.retention import LogRetentionDays
from trailbell.infra.base import bundling
from trailbell.infra.base.function import Function
from trailbell.infra.parts.filters import Filters

if TYPE_CHECKING:
    from trailbell.contract.environments import LiveConfigIds

MAX_STRATEGY_NAME_CHARACTERS = 64
"""https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateDeploymentStrategy.html"""
BAKE_MINUTES = 3
"""How long a version is watched once it is live: a metric becomes an alarm within two to three minutes."""
SYNC_EVERY = Duration.minutes(15)
SYNC_TIMEOUT = Duration.minutes(5)
VALIDATOR_TIMEOUT = Duration.seconds(15)
"""AppConfig waits no longer for a validator."""
SEED_TIMEOUT = Duration.minutes(12)
"""Six minutes until it is its turn, and two for each of two calls of filter sync."""
SEED_ANSWERS_WITHIN = Duration.minutes(14)
"""How long CloudFormation waits for the seed: more than the seed can take, and less than an hour, its own default."""


class RuleConfig(Construct):
    """Which config is live is AppConfig's to say; see docs/decisions/0013-live-config.md."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        build_folder: Path,
        compiled_config: str,
        config_version: str,
        name: str,
        slots: int,
        log_retention_days: LogRetentionDays,
    ) -> None:
        """Make what is hosted where, and its validator; the rest is made by `keep_filters_in_line`."""
        super().__init__(scope, id_)
        self._name = name
        self._slots = slots
        self._build_folder = build_folder
        self._bundled = {PACKAGED_CONFIG: compiled_config}
        self._config_version = config_version
        self._log_retention_days = log_retention_days
        self.validator = Function(
            self,
            "Validator",
            description="Trailbell: refuses a config that does not compile",
            code=bundling.bundle(build_folder, "config_validator", self._bundled),
            environment=ConfigValidatorEnvironment(slots=slots),
            timeout=VALIDATOR_TIMEOUT,
            log_retention_days=log_retention_days,
        )
        self.application = aws_appconfig.CfnApplication(
            self, "Application", name=name, description="Trailbell: what alerts"
        )
        self.environment = aws_appconfig.CfnEnvironment(
            self,
            "Environment",
            application_id=self.application.ref,
            name="live",
            description="What the detector runs",
            # `cdk destroy` means it.
            deletion_protection_check="BYPASS",
        )
        self.profile = aws_appconfig.CfnConfigurationProfile(
            self,
            "Profile",
            application_id=self.application.ref,
            name="config",
            location_uri="hosted",
            description="The compiled config",
            deletion_protection_check="BYPASS",
            validators=[
                aws_appconfig.CfnConfigurationProfile.ValidatorsProperty(
                    type="LAMBDA", content=self.validator.function.function_arn
                )
            ],
        )
        self.strategy = self._strategy("Strategy", "live at once, watched for some minutes", BAKE_MINUTES)
        self.strategy_at_once = self._strategy("StrategyAtOnce", "live at once, not watched", 0)
        self.ids: LiveConfigIds = {
            "config_application": self.application.ref,
            "config_environment": self.environment.ref,
            "config_profile": self.profile.ref,
        }
        """What a function's environment says of where the live config is."""

    def keep_filters_in_line(self, generations: Mapping[Place, str]) -> None:
        """Make the two functions that act on filters. `generations`: place -> that of its live slots, home first."""
        common = {"log_retention_days": self._log_retention_days}
        self.filter_sync = Function(
            self,
            "FilterSync",
            description="Trailbell: keeps the filters in line with the live config",
            code=bundling.bundle(self._build_folder, "filter_sync", {}),
            environment=FilterSyncEnvironment(
                **self.ids,
                places=tuple(generations),
                live_generations=tuple(generations.values()),
                slot_prefix=self._name,
                slots=self._slots,
            ),
            timeout=SYNC_TIMEOUT,
            **common,
        )
        self.seed = Function(
            self,
            "Seed",
            description="Trailbell: puts a deployment's config live unless another one was pushed",
            code=bundling.bundle(self._build_folder, "config_seed", self._bundled),
            environment=ConfigSeedEnvironment(
                **self.ids,
                config_strategy=self.strategy.ref,
                config_strategy_at_once=self.strategy_at_once.ref,
                filter_sync=self.filter_sync.function.function_name,
            ),
            timeout=SEED_TIMEOUT,
            **common,
        )
        self.seeded = CustomResource(
            self,
            "Seeded",
            service_token=self.seed.function.function_arn,
            resource_type="Custom::TrailbellConfigSeed",
            service_timeout=SEED_ANSWERS_WITHIN,
            # Whatever changes here makes CloudFormation call the seed, and that, filter sync.
            properties={"ConfigVersion": self._config_version, "LiveSlots": list(generations.values())},
        )
        self._sync_regularly()

    @property
    def deployments_arn(self) -> str:
        """The ARNs of all deployments, which are only numbers."""
        return f"{self.environment_arn}/deployment/*"

    @property
    def versions_arn(self) -> str:
        """The ARNs of all hosted versions, which are only numbers."""
        return f"{self.profile_arn}/hostedconfigurationversion/*"

    def arn(self, *parts: str) -> str:
        """Return the ARN of the application, or of what `parts` name below it."""
        path = "/".join([self.application.ref, *parts])
        return Stack.of(self).format_arn(service="appconfig", resource="application", resource_name=path)

    @property
    def environment_arn(self) -> str:
        """The environment's ARN."""
        return self.arn("environment", self.environment.ref)

    @property
    def profile_arn(self) -> str:
        """The configuration profile's ARN."""
        return self.arn("configurationprofile", self.profile.ref)

    @property
    def live_arn(self) -> str:
        """What a client of AppConfig's data plane reads."""
        return self.arn("environment", self.environment.ref, "configuration", self.profile.ref)

    @property
    def strategy_arns(self) -> list[str]:
        """The deployment strategies' ARNs."""
        stack = Stack.of(self)
        return [
            stack.format_arn(service="appconfig", resource="deploymentstrategy", resource_name=strategy.ref)
            for strategy in (self.strategy, self.strategy_at_once)
        ]

    @property
    def slot_arns(self) -> list[str]:
        """The ARNs of the slots' rules, by what their names begin with, in every region.

        Named one by one, the rules of ten regions are more than a role's policies may hold.
        """
        return [
            Stack.of(self).format_arn(
                service="events",
                region="*",
                resource="rule",
                resource_name=f"{slot_name_prefix(self._name, kind)}*",
                arn_format=ArnFormat.SLASH_RESOURCE_NAME,
            )
            for kind in SLOT_SETS
        ]

    @property
    def outputs(self) -> Mapping[Output, tuple[str, str]]:
        """What the `trailbell` command needs to know: name -> value and description."""
        return {
            Output.CONFIG_APPLICATION: (self.application.ref, "AppConfig application of the live config"),
            Output.CONFIG_ENVIRONMENT: (self.environment.ref, "AppConfig environment of the live config"),
            Output.CONFIG_PROFILE: (self.profile.ref, "AppConfig profile of the live config"),
            Output.CONFIG_STRATEGY: (self.strategy.ref, "How a config is deployed"),
            Output.CONFIG_STRATEGY_AT_ONCE: (self.strategy_at_once.ref, "How a config is deployed in a hurry"),
            Output.CONFIG_VALIDATOR_NAME: (self.validator.function.function_name, "Checks a compiled config"),
            Output.FILTER_SYNC_NAME: (self.filter_sync.function.function_name, "Keeps the filters in line"),
            Output.LIVE_CONFIG: (self.seeded.get_att_string("Outcome"), "What became of this deployment's config"),
        }

    def order(self, filters: Filters, *, after: Sequence[IDependable]) -> None:
        """See to it that in no moment of an update nothing is let through. `after`: what live slots need besides."""
        for rule in filters.rules:
            # Filter sync as it was before would switch the deployed slots off again, for the old live ones are on.
            rule.node.add_dependency(self.filter_sync.function)
        # The seed has filter sync fill the live slots; what they need must be there by then.
        self.seeded.node.add_dependency(filters, self.filter_sync.function, self.filter_sync.role, *after)

    def roll_back_on(self, alarms: Sequence[aws_cloudwatch.IAlarm], role: aws_iam.IRole) -> None:
        """Let AppConfig take a version back while one of these alarms is on, in its first minutes."""
        self.environment.monitors = [
            aws_appconfig.CfnEnvironment.MonitorsProperty(alarm_arn=alarm.alarm_arn, alarm_role_arn=role.role_arn)
            for alarm in alarms
        ]

    def _strategy(self, id_: str, description: str, bake_minutes: int) -> aws_appconfig.CfnDeploymentStrategy:
        # All at once: half of the detectors on other rules than the rest would alert by chance.
        return aws_appconfig.CfnDeploymentStrategy(
            self,
            id_,
            name=f"{self._name}-{id_}"[:MAX_STRATEGY_NAME_CHARACTERS],
            description=f"Trailbell: {description}",
            deployment_duration_in_minutes=0,
            growth_factor=100,
            growth_type="LINEAR",
            final_bake_time_in_minutes=bake_minutes,
            replicate_to="NONE",
        )

    def _sync_regularly(self) -> None:
        target = aws_events_targets.LambdaFunction(self.filter_sync.function, retry_attempts=2)
        aws_events.Rule(
            self,
            "SyncRegularly",
            description="Trailbell: brings the filters in line with the live config",
            schedule=aws_events.Schedule.rate(SYNC_EVERY),
            targets=[target],
        )
        aws_events.Rule(
            self,
            "SyncOnDeployment",
            description="Trailbell: a config is deployed or taken back",
            event_pattern=aws_events.EventPattern(
                source=["aws.appconfig"],
                detail_type=[API_CALL],
                detail={
                    "eventSource": ["appconfig.amazonaws.com"],
                    "eventName": ["StartDeployment", "StopDeployment"],
                },
            ),
            targets=[target],
        )
