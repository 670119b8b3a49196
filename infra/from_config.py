"""The one place where the config becomes what the stacks need: it alone, of the stacks, knows the library."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from aws_cdk import Aws

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
from trailbell.contract.regions import global_region
from trailbell.destinations.settings import Destinations
from trailbell.filters import compile_filters
from trailbell.infra.settings import FilterSettings, NotifierSettings, Settings
from trailbell.operations import is_read_only


def make_settings(config: Config, *, build_folder: Path) -> Settings:
    """Turn the config into what the stacks need. Raises ConfigError where the filters do not fit."""
    deployment, destinations = config.deployment, config.destinations
    home_region = deployment.home_region or os.environ.get("CDK_DEFAULT_REGION")
    elsewhere = {*deployment.regions, global_region(home_region)} - {home_region} if home_region else set()
    filters = compile_filters(config.rules, slots=deployment.slots, read_only=is_read_only)
    return Settings(
        stack_name=deployment.stack_name,
        build_folder=build_folder,
        account=os.environ.get("CDK_DEFAULT_ACCOUNT"),
        home_region=home_region,
        forwarded_regions=sorted(elsewhere),
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
