"""The hub: what runs in the home region. Composes the constructs and holds every grant."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, Stack, aws_iam, aws_lambda, aws_sqs
from constructs import Construct

from infra.alarms import Alarms
from infra.dashboard import Dashboard
from infra.delivery import AlertsTopic, no_other_publishes
from infra.detector import Detector
from infra.filters import Filters, rule_names
from infra.health import Health
from infra.heartbeat import Heartbeat
from infra.nag import acknowledge_wildcards
from infra.notifier import Notifier
from infra.queries import Queries
from infra.queues import dead_letter_queue
from infra.rule_config import RuleConfig
from infra.settings import NotifierSettings, Settings
from infra.state import State
from infra.trail import Trail
from infra.watched import Watched
from infra.window_closer import WindowCloser

CLAIM_ACTIONS = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetItem"]
"""Claim, complete, give back; Powertools reads a claim that it finds changed in between."""


class HubStack(Stack):
    """CloudTrail -> EventBridge -> detector -> alerts topic -> e-mail, Slack, and who else subscribes."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, **options: Any) -> None:
        """Compose the stack. `options` go to `Stack` as they are."""
        super().__init__(scope, id_, description="Trailbell: alerts on what CloudTrail records", **options)
        if settings.trail == "create":
            Trail(self, "Trail")
        alerts = AlertsTopic(self, "Alerts", emails=settings.emails, routed=settings.routed)
        state = State(self, "State")
        detector = Detector(
            self,
            "Detector",
            project_root=settings.project_root,
            compiled_config=settings.compiled_config,
            topic_arn=alerts.topic.topic_arn,
            https_format=settings.https_format,
            claims_table=state.claims.table_name,
            windows_table=state.windows.table_name,
            log_retention_days=settings.log_retention_days,
        )
        closer = WindowCloser(
            self,
            "Windows",
            code=detector.code,
            topic_arn=alerts.topic.topic_arn,
            https_format=settings.https_format,
            claims_table=state.claims.table_name,
            windows_table=state.windows.table_name,
            log_retention_days=settings.log_retention_days,
        )
        detector.function.add_environment("TRAILBELL_TIMERS_URL", closer.timers.queue_url)
        undelivered = dead_letter_queue(self, "FilterDeadLetters")
        filters = Filters(
            self,
            "Filters",
            name_prefix=settings.stack_name,
            filters=settings.filters,
            slots=settings.slots,
            target_arn=detector.function.function_arn,
            dead_letter_queue=undelivered,
        )
        heartbeat = Heartbeat(
            self, "Heartbeat", key=alerts.key, detector=detector.function, dead_letter_queue=undelivered
        )
        detector.function.add_environment("TRAILBELL_HEARTBEAT_TOPIC_ARN", heartbeat.topic.topic_arn)
        rule_config = RuleConfig(
            self,
            "RuleConfig",
            project_root=settings.project_root,
            compiled_config=settings.compiled_config,
            config_version=settings.config_version,
            name=settings.stack_name,
            regions=[settings.home_region or self.region, *settings.forwarded_regions],
            slots=settings.slots,
            log_retention_days=settings.log_retention_days,
        )
        for name, value in rule_config.names.items():
            detector.function.add_environment(name, value)
        notifiers = {
            each.name: Notifier(
                self,
                each.name,
                project_root=settings.project_root,
                topic=alerts.topic,
                settings=each,
                claims_table=state.claims.table_name,
                windows_table=state.windows.table_name,
                log_retention_days=settings.log_retention_days,
            )
            for each in settings.notifiers
        }

        # Grants.
        for role in (detector.role, closer.role):
            role.add_to_policy(aws_iam.PolicyStatement(actions=["sns:Publish"], resources=[alerts.topic.topic_arn]))
            role.add_to_policy(
                # What SNS needs of its caller to encrypt:
                # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
                aws_iam.PolicyStatement(actions=["kms:GenerateDataKey", "kms:Decrypt"], resources=[alerts.key.key_arn])
            )
            role.add_to_policy(aws_iam.PolicyStatement(actions=CLAIM_ACTIONS, resources=[state.claims.table_arn]))
            closer.timers.grant_send_messages(role)
        alerts.publish_only_by(detector.role, closer.role)
        detector.role.add_to_policy(
            aws_iam.PolicyStatement(actions=["sns:Publish"], resources=[heartbeat.topic.topic_arn])
        )
        heartbeat.topic.add_to_resource_policy(no_other_publishes(heartbeat.topic, detector.role))
        detector.role.add_to_policy(
            aws_iam.PolicyStatement(
                actions=["dynamodb:UpdateItem", "dynamodb:Query"], resources=[state.windows.table_arn]
            )
        )
        closer.role.add_to_policy(
            aws_iam.PolicyStatement(
                actions=["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"],
                resources=[state.windows.table_arn],
            )
        )
        for number, rule in enumerate(filters.rules, start=1):
            detector.function.add_permission(
                f"Slot{number}", principal=aws_iam.ServicePrincipal("events.amazonaws.com"), source_arn=rule.attr_arn
            )
        undelivered.add_to_resource_policy(filters.may_leave_events_in(undelivered))
        self._grant_config(rule_config, detector)
        for each in settings.notifiers:
            self._grant(each, notifiers[each.name], state)

        dead_letters = {"Filter": undelivered, "Detector": detector.dead_letters, "Windows": closer.dead_letters}
        functions: dict[str, aws_lambda.IFunction] = {
            "Detector": detector.function,
            "WindowCloser": closer.function,
            "FilterSync": rule_config.filter_sync.function,
            "ConfigSeed": rule_config.seed.function,
        }
        for name, notifier in notifiers.items():
            dead_letters[name] = notifier.dead_letters
            functions[f"{name}Notifier"] = notifier.function
        watched = Watched(
            dead_letter_queues=dead_letters,
            work_queues={"Windows": closer.timers} | {name: each.queue for name, each in notifiers.items()},
            functions=functions,
            notifier_services={each.name: each.service for each in settings.notifiers},
            filter_rules=rule_names(settings.stack_name, settings.slots),
        )
        health = Health(self, "Health", key=alerts.key, alarm_email=settings.alarm_email)
        alarms = Alarms(self, "Alarms", topic=health.topic, watched=watched)
        rule_config.roll_back_on(alarms.config_alarms, self._alarm_reader())
        dashboard = Dashboard(self, "Dashboard", name=settings.stack_name, watched=watched)
        Queries(
            self,
            "Queries",
            name=settings.stack_name,
            detector_logs=detector.log_group,
            notifier_logs=[each.log_group for each in notifiers.values()],
        )

        self._output("AlertsTopicArn", alerts.topic.topic_arn, "Subscribe here for alerts")
        self._output("HealthTopicArn", health.topic.topic_arn, "Subscribe here for Trailbell's own alarms")
        self._output("HeartbeatTopicArn", heartbeat.topic.topic_arn, "Gets a message an hour while events come through")
        self._output("DashboardUrl", dashboard.url, "How Trailbell is doing")
        self._output("DetectorName", detector.function.function_name, "The function that decides")
        self._output("WindowsTableName", state.windows.table_name, "What dedupe, threshold and first_seen remember")
        self._output("DetectorLogGroup", detector.log_group.log_group_name, "What the detector logs")
        self._output("WindowTimersUrl", closer.timers.queue_url, "Timers of the windows that are open")
        self._output("WindowCloserLogGroup", closer.log_group.log_group_name, "What the window closer logs")
        for name, (value, description) in rule_config.outputs.items():
            self._output(name, value, description)
        self._name_queues(dead_letters, notifiers)

    def _name_queues(self, dead_letters: Mapping[str, aws_sqs.IQueue], notifiers: Mapping[str, Notifier]) -> None:
        for name, queue in dead_letters.items():
            self._output(f"{name}DeadLettersUrl", queue.queue_url, f"What {name} could not handle")
        for name, notifier in notifiers.items():
            self._output(f"{name}QueueUrl", notifier.queue.queue_url, f"Alerts on their way to {name}")
            self._output(f"{name}NotifierLogGroup", notifier.log_group.log_group_name, f"What {name}'s notifier logs")
            if notifier.secret:
                self._output(f"{name}SecretArn", notifier.secret.secret_arn, f"Fill this secret to reach {name}")

    def _grant(self, settings: NotifierSettings, notifier: Notifier, state: State) -> None:
        """Allow a notifier what its destination needs.

        Consuming the queue is granted by the event source; obeying Retry-After needs no more than that.
        """
        notifier.dead_letters.grant_send_messages(notifier.role)
        notifier.role.add_to_policy(aws_iam.PolicyStatement(actions=CLAIM_ACTIONS, resources=[state.claims.table_arn]))
        if notifier.secret:
            notifier.secret.grant_read(notifier.role)
        if settings.alerts_per_minute is not None:
            notifier.queue.grant_send_messages(notifier.role)
            notifier.role.add_to_policy(
                aws_iam.PolicyStatement(
                    actions=[
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem",
                        "dynamodb:GetItem",
                        "dynamodb:Query",
                        "dynamodb:ConditionCheckItem",
                    ],
                    resources=[state.windows.table_arn],
                    conditions=_only_items_of(settings.kind, "brake"),
                )
            )
        if settings.threads:
            notifier.role.add_to_policy(
                aws_iam.PolicyStatement(
                    actions=["dynamodb:GetItem", "dynamodb:BatchWriteItem"],
                    resources=[state.windows.table_arn],
                    conditions=_only_items_of(settings.kind, "thread"),
                )
            )
        if settings.topic_arns:
            notifier.role.add_to_policy(
                aws_iam.PolicyStatement(actions=["sns:Publish"], resources=list(settings.topic_arns))
            )
        if settings.imports_findings:
            product = f"arn:{self.partition}:securityhub:{self.region}:{self.account}:product/{self.account}/default"
            notifier.role.add_to_policy(
                aws_iam.PolicyStatement(actions=["securityhub:BatchImportFindings"], resources=[product])
            )

    def _grant_config(self, config: RuleConfig, detector: Detector) -> None:
        """Grant each function around the live config what it does, and AppConfig the validator."""
        detector.role.add_to_policy(
            aws_iam.PolicyStatement(
                actions=["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"],
                resources=[config.live_arn],
            )
        )
        config.validator.function.add_permission(
            "AppConfig",
            principal=aws_iam.ServicePrincipal("appconfig.amazonaws.com"),
            source_arn=config.profile_arn,
        )
        reading = {
            "appconfig:ListDeployments": [config.arn(), config.environment_arn],
            "appconfig:GetHostedConfigurationVersion": [
                config.arn(), config.profile_arn, f"{config.profile_arn}/hostedconfigurationversion/*",
            ],
        }  # fmt: skip
        # Which of the resources counts differs from one action to the next:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappconfig.html
        seeding = {
            "appconfig:CreateHostedConfigurationVersion": [config.arn(), config.profile_arn],
            "appconfig:StartDeployment": [
                config.arn(), config.environment_arn, config.profile_arn, *config.strategy_arns,
            ],
            "appconfig:StopDeployment": [
                config.arn(), config.environment_arn, f"{config.environment_arn}/deployment/*",
            ],
            "appconfig:ListHostedConfigurationVersions": [config.arn(), config.profile_arn],
            "appconfig:DeleteHostedConfigurationVersion": [
                config.arn(), config.profile_arn, f"{config.profile_arn}/hostedconfigurationversion/*",
            ],
        }  # fmt: skip
        syncing = dict.fromkeys(("events:DescribeRule", "events:PutRule", "events:DisableRule"), config.slot_arns)
        for role, allowed in (
            (config.seed.role, {**reading, **seeding}),
            (config.filter_sync.role, {**reading, **syncing}),
        ):
            for action, resources in allowed.items():
                role.add_to_policy(aws_iam.PolicyStatement(actions=[action], resources=resources))
            everything = [resource for resources in allowed.values() for resource in resources]
            acknowledge_wildcards(
                role, everything, "Versions and deployments of the one profile: they are only numbers."
            )
        # AppConfig asks the validator before the first deployment, too; and its work is done before its role is gone.
        config.seeded.node.add_dependency(config.validator.function, config.seed.role)

    def _alarm_reader(self) -> aws_iam.Role:
        """Return the role in which AppConfig looks at alarms.

        https://docs.aws.amazon.com/appconfig/latest/userguide/getting-started-with-appconfig-cloudwatch-alarms-permissions.html
        """
        role = aws_iam.Role(self, "AlarmReader", assumed_by=aws_iam.ServicePrincipal("appconfig.amazonaws.com"))
        role.add_to_policy(aws_iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=["*"]))
        acknowledge_wildcards(role, ["*"], "AppConfig's own guide asks for it so; it only reads the states of alarms.")
        return role

    def _output(self, name: str, value: str, description: str) -> None:
        CfnOutput(self, name, value=value, description=description)


def _only_items_of(kind: str, use: str) -> dict[str, Any]:
    """Return the condition that shuts out another destination's items, and what the detector's windows hold."""
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{use}#{kind}#*", f"{use}#{kind}/*"]}}
