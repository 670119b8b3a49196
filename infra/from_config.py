"""The one place where the config becomes what the stacks need: it alone, of the stacks, knows the library."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from aws_cdk import Aws

from trailbell.config.compiled import write_compiled
from trailbell.config.model import Config
from trailbell.contract.destinations import Surroundings
from trailbell.contract.places import forwarded_places
from trailbell.destinations.settings import Destinations
from trailbell.filters import compile_filters
from trailbell.infra.settings import FilterSettings, NotifierSettings, Settings
from trailbell.operations import is_read_only


def make_settings(config: Config, *, build_folder: Path) -> Settings:
    """Turn the config into what the stacks need. Raises ConfigError where the filters do not fit."""
    deployment, destinations = config.deployment, config.destinations
    home_region = deployment.home_region or os.environ.get("CDK_DEFAULT_REGION")
    filters = compile_filters(config.rules, slots=deployment.slots, read_only=is_read_only)
    return Settings(
        stack_name=deployment.stack_name,
        build_folder=build_folder,
        account=os.environ.get("CDK_DEFAULT_ACCOUNT"),
        home_region=home_region,
        forwarded=forwarded_places(home_region, deployment.regions) if home_region else (),
        filters=[FilterSettings(pattern=filter_.pattern, read_only=filter_.read_only) for filter_ in filters],
        slots=deployment.slots,
        compiled_config=write_compiled(config).decode(),
        config_version=config.version,
        trail=deployment.trail,
        log_retention_days=deployment.log_retention_days,
        emails=destinations.email,
        routed=bool(config.routes) or any(rule.routes for rule in config.rules),
        alarm_email=deployment.alarm_email,
        https_format=destinations.sns.https_format,
        notifiers=list(make_notifiers(destinations)),
    )


def make_notifiers(destinations: Destinations) -> Iterator[NotifierSettings]:
    """Turn each destination that needs a function into what its construct needs."""
    around = Surroundings(
        account=Aws.ACCOUNT_ID,
        partition=Aws.PARTITION,
        region=Aws.REGION,
        https_format=destinations.sns.https_format,
    )
    for name, kind, settings in destinations.switched_on():
        yield NotifierSettings(
            name=kind.resources,
            title=kind.title,
            kind=name,
            environment=partial(kind.environment, **kind.tell(settings, around)),
            secret_fields=kind.secret_fields,
            secret_template=kind.begins_with,
            statements=partial(kind.statements, settings),
            alerts_per_minute=kind.budget(settings),
            threads=kind.threads,
        )
