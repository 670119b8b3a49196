"""The CDK app: check the config, compile its filters, synthesise. The one file that sees config, library and infra.

cdk synth                            with config/trailbell.yaml
cdk synth --context config=PATH      with another config
"""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from aws_cdk import App, Aws, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from trailbell.authoring import load_config
from trailbell.config.compiled import write_compiled
from trailbell.config.model import Config
from trailbell.contract.environments.notifiers import (
    PagerDutyEnvironment,
    SecurityHubEnvironment,
    SlackEnvironment,
    TeamsEnvironment,
    TopicsEnvironment,
    WebhookEnvironment,
)
from trailbell.contract.names import forwarder_stack_name
from trailbell.contract.places import forwarded_places
from trailbell.destinations.settings import Destinations
from trailbell.errors import ConfigError
from trailbell.filters import compile_filters
from trailbell.infra.forwarder_stack import ForwarderStack
from trailbell.infra.hub_stack import HubStack
from trailbell.infra.limits import Excess, check_assembly
from trailbell.infra.settings import FilterSettings, NotifierSettings, Settings
from trailbell.operations import is_read_only

ROOT = Path(__file__).resolve().parent


DEFAULT_CONFIG = ROOT / "config" / "trailbell.yaml"


def make_settings(config: Config) -> Settings:
    """Turn the config into what the stacks need. Raises ConfigError where the filters do not fit."""
    deployment, destinations = config.deployment, config.destinations
    home_region = deployment.home_region or os.environ.get("CDK_DEFAULT_REGION")
    filters = compile_filters(config.rules, slots=deployment.slots, read_only=is_read_only)
    return Settings(
        stack_name=deployment.stack_name,
        build_folder=ROOT / ".build",
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
    if destinations.slack.enabled:
        slack = destinations.slack
        yield NotifierSettings(
            name="Slack",
            title="Slack",
            kind="slack",
            environment=partial(
                SlackEnvironment,
                slack_channel=slack.channel,
                slack_channels=slack.channels,
                slack_endpoint=slack.endpoint,
            ),
            secret_fields={"webhook_url": ""},
            alerts_per_minute=slack.alerts_per_minute,
            threads=True,
        )
    if destinations.topics:
        yield NotifierSettings(
            name="Topics",
            title="further SNS topics",
            kind="topic",
            environment=partial(
                TopicsEnvironment, topics=destinations.topics, https_format=destinations.sns.https_format
            ),
            secret_fields={},
            alerts_per_minute=destinations.topics_alerts_per_minute,
            topic_arns=list(destinations.topics.values()),
        )
    if webhook := destinations.webhook:
        yield NotifierSettings(
            name="Webhook",
            title="a webhook",
            kind="webhook",
            environment=partial(WebhookEnvironment, webhook_host=webhook.host, endpoint=webhook.endpoint),
            secret_fields={"url": "", "signing_key": ""},
            alerts_per_minute=webhook.alerts_per_minute,
        )
    if teams := destinations.teams:
        yield NotifierSettings(
            name="Teams",
            title="Microsoft Teams",
            kind="teams",
            environment=partial(TeamsEnvironment, endpoint=teams.endpoint),
            secret_fields={"url": ""},
            alerts_per_minute=teams.alerts_per_minute,
        )
    if pagerduty := destinations.pagerduty:
        yield NotifierSettings(
            name="PagerDuty",
            title="PagerDuty",
            kind="pagerduty",
            environment=partial(PagerDutyEnvironment, pagerduty_region=pagerduty.region, endpoint=pagerduty.endpoint),
            secret_fields={"routing_key": ""},
            alerts_per_minute=pagerduty.alerts_per_minute,
        )
    if destinations.security_hub:
        yield NotifierSettings(
            name="SecurityHub",
            title="AWS Security Hub",
            kind="security-hub",
            environment=partial(SecurityHubEnvironment, account=Aws.ACCOUNT_ID, partition=Aws.PARTITION),
            secret_fields={},
            imports_findings=True,
        )


def build(app: App, settings: Settings) -> None:
    """Add the hub, and a forwarder in every other region, to the app."""
    forwarders = {
        place: ForwarderStack(
            app,
            forwarder_stack_name(settings.stack_name, place.region),
            settings=settings,
            env=Environment(account=place.account or settings.account, region=place.region),
        )
        for place in settings.forwarded
    }
    hub = HubStack(
        app,
        settings.stack_name,
        settings=settings,
        forwarded={place: forwarder.filters.generation for place, forwarder in forwarders.items()},
        env=Environment(account=settings.account, region=settings.home_region),
    )
    for forwarder in forwarders.values():
        # The bus at home must be ready before events are sent to it, and filter sync must know the new live slots.
        forwarder.add_stack_dependency(hub)


def main() -> int:
    """Synthesise; a broken config is told on stderr and nothing is synthesised."""
    app = App()
    path = Path(app.node.try_get_context("config") or DEFAULT_CONFIG)
    try:
        loaded = load_config(path, today=datetime.now(UTC).date())
        settings = make_settings(loaded.config)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if loaded.config.deployment.home_region is None:
        region = settings.home_region or "whichever the CLI has"
        sys.stderr.write(
            f"deployment.home_region is left out: the stack's region is {region}, and with a colleague's CLI it may be "
            "another. Name it in the config.\n"
        )
    build(app, settings)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    return _refused(check_assembly(Path(app.synth().directory)))


def _refused(excesses: Sequence[Excess]) -> int:
    for excess in excesses:
        sys.stderr.write(f"{excess}\n")
    return 1 if excesses else 0


if __name__ == "__main__":
    sys.exit(main())
