"""The hub: what runs in the home region. Composes the constructs and holds every grant."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from aws_cdk import ArnFormat, CfnOutput, Stack, aws_iam, aws_lambda, aws_sqs
from constructs import Construct

from infra import bundling
from infra.alarms import Alarms
from infra.dashboard import Dashboard
from infra.delivery import AlertsTopic, no_other_publishes
from infra.detector import Detector
from infra.filters import Filters
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
from trailbell.contract.environments.detection import DetectorEnvironment, WindowCloserEnvironment
from trailbell.contract.names import (
    DEAD_LETTERS_SUFFIX,
    LOG_GROUP_SUFFIX,
    QUEUE_SUFFIX,
    SECRET_SUFFIX,
    Output,
    forwarder_role_name,
)

CLAIM_ACTIONS = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetItem"]
"""Claim, complete, give back; Powertools reads a claim that it finds changed in between."""


class HubStack(Stack):
    """CloudTrail -> EventBridge -> detector -> alerts topic -> e-mail, Slack, and who else subscribes."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, forwarded: Mapping[str, str], **options: Any
    ) -> None:
        """Compose the stack. `forwarded`: region -> its live slots' generation. `options` go to `Stack` as they are."""
        super().__init__(scope, id_, description="Trailbell: alerts on what CloudTrail records", **options)
        if settings.trail == "create":
            Trail(self, "Trail")
        alerts = AlertsTopic(self, "Alerts", emails=settings.emails, routed=settings.routed)
        state = State(self, "State")
        heartbeat = Heartbeat(self, "Heartbeat", key=alerts.key)
        rule_config = RuleConfig(
            self,
            "RuleConfig",
            project_root=settings.project_root,
            compiled_config=settings.compiled_config,
            config_version=settings.config_version,
            name=settings.stack_name,
            slots=settings.slots,
            log_retention_days=settings.log_retention_days,
        )
        code = bundling.bundle(settings.project_root, "detector", {"config.json": settings.compiled_config})
        detector = Detector(
            self,
            "Detector",
            code=code,
            environment=partial(
                DetectorEnvironment,
                **rule_config.ids,
                topic_arn=alerts.topic.topic_arn,
                heartbeat_topic_arn=heartbeat.topic.topic_arn,
                https_format=settings.https_format,
                claims_table=state.claims.table_name,
                windows_table=state.windows.table_name,
            ),
            log_retention_days=settings.log_retention_days,
        )
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
        rule_config.keep_filters_in_line({settings.home_region or self.region: filters.generation, **forwarded})
        beats_arn = heartbeat.beat_through(detector.function, dead_letter_queue=undelivered)
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
        braked = {each.kind: notifiers[each.name] for each in settings.notifiers if each.alerts_per_minute is not None}
        closer = WindowCloser(
            self,
            "Windows",
            code=code,
            environment=partial(
                WindowCloserEnvironment,
                topic_arn=alerts.topic.topic_arn,
                https_format=settings.https_format,
                claims_table=state.claims.table_name,
                windows_table=state.windows.table_name,
                notifier_queues={kind: each.queue.queue_url for kind, each in braked.items()},
            ),
            log_retention_days=settings.log_retention_days,
        )

        # Grants.
        self._grant_forwarder(settings.stack_name)
        for role in (detector.role, closer.role):
            role.add_to_policy(aws_iam.PolicyStatement(actions=["sns:Publish"], resources=[alerts.topic.topic_arn]))
            role.add_to_policy(
                # What SNS needs of its caller to encrypt:
                # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
                aws_iam.PolicyStatement(actions=["kms:GenerateDataKey", "kms:Decrypt"], resources=[alerts.key.key_arn])
            )
            role.add_to_policy(aws_iam.PolicyStatement(actions=CLAIM_ACTIONS, resources=[state.claims.table_arn]))
        alerts.publish_only_by(detector.role, closer.role)
        self._grant_heartbeat(heartbeat, detector)
        _grant_windows(detector, closer, state, [each.queue for each in braked.values()])
        wakes = detector.woken_by(*filters.arns, beats_arn)
        filters.begin_after(wakes)
        undelivered.add_to_resource_policy(filters.may_leave_events_in(undelivered, beats_arn))
        rule_config.order(filters, after=[detector.function, wakes, undelivered])
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
            work_queues={name: each.queue for name, each in notifiers.items()},
            functions=functions,
            notifier_services={each.name: each.service for each in settings.notifiers},
            filter_rules=filters.names,
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

        self._tell(
            {
                Output.ALERTS_TOPIC_ARN: (alerts.topic.topic_arn, "Subscribe here for alerts"),
                Output.HEALTH_TOPIC_ARN: (health.topic.topic_arn, "Subscribe here for Trailbell's own alarms"),
                Output.HEARTBEAT_TOPIC_ARN: (
                    heartbeat.topic.topic_arn, "Gets a message an hour while events come through",
                ),
                Output.DASHBOARD_URL: (dashboard.url, "How Trailbell is doing"),
                Output.DETECTOR_NAME: (detector.function.function_name, "The function that decides"),
                Output.WINDOWS_TABLE_NAME: (
                    state.windows.table_name, "What dedupe, threshold and first_seen remember",
                ),
                Output.DETECTOR_LOG_GROUP: (detector.log_group.log_group_name, "What the detector logs"),
                Output.WINDOW_CLOSER_NAME: (
                    closer.function.function_name, "The function that tells what windows counted",
                ),
                Output.WINDOW_CLOSER_LOG_GROUP: (closer.log_group.log_group_name, "What the window closer logs"),
                **rule_config.outputs,
            }
        )  # fmt: skip
        self._name_queues(dead_letters, notifiers)

    def _tell(self, outputs: Mapping[Output, tuple[str, str]]) -> None:
        for name, (value, description) in outputs.items():
            self._output(name, value, description)

    def _name_queues(self, dead_letters: Mapping[str, aws_sqs.IQueue], notifiers: Mapping[str, Notifier]) -> None:
        for name, queue in dead_letters.items():
            self._output(f"{name}{DEAD_LETTERS_SUFFIX}", queue.queue_url, f"What {name} could not handle")
        for name, notifier in notifiers.items():
            self._output(f"{name}{QUEUE_SUFFIX}", notifier.queue.queue_url, f"Alerts on their way to {name}")
            self._output(f"{name}{LOG_GROUP_SUFFIX}", notifier.log_group.log_group_name, f"What {name}'s notifier logs")
            if notifier.secret:
                self._output(f"{name}{SECRET_SUFFIX}", notifier.secret.secret_arn, f"Fill this secret to reach {name}")

    def _grant(self, settings: NotifierSettings, notifier: Notifier, state: State) -> None:
        """Allow a notifier what its destination needs.

        Consuming the queue is granted by the event source; obeying Retry-After needs no more than that.
        """
        # No more than is asked of them: CDK's own grants on queues and secrets let read what they are, too.
        notifier.role.add_to_policy(
            aws_iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[notifier.dead_letters.queue_arn])
        )
        notifier.role.add_to_policy(aws_iam.PolicyStatement(actions=CLAIM_ACTIONS, resources=[state.claims.table_arn]))
        if notifier.secret:
            notifier.role.add_to_policy(
                aws_iam.PolicyStatement(
                    actions=["secretsmanager:GetSecretValue"], resources=[notifier.secret.secret_arn]
                )
            )
        if settings.alerts_per_minute is not None:
            notifier.role.add_to_policy(
                aws_iam.PolicyStatement(
                    actions=["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"],
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

    def _grant_heartbeat(self, heartbeat: Heartbeat, detector: Detector) -> None:
        """Let the detector, and nobody else, say that events come through."""
        detector.role.add_to_policy(
            aws_iam.PolicyStatement(actions=["sns:Publish"], resources=[heartbeat.topic.topic_arn])
        )
        heartbeat.topic.add_to_resource_policy(no_other_publishes(heartbeat.topic, detector.role))

    def _grant_config(self, config: RuleConfig, detector: Detector) -> None:
        """Grant each function around the live config what it does, and AppConfig the validator."""
        detector.role.add_to_policy(
            aws_iam.PolicyStatement(
                actions=["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"],
                resources=[config.live_arn],
            )
        )
        # Without a source, as CDK's own LambdaValidator grants it: nothing says that AppConfig names one.
        # https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_appconfig.LambdaValidator.html
        config.validator.function.add_permission(
            "AppConfig", principal=aws_iam.ServicePrincipal("appconfig.amazonaws.com")
        )
        # Every resource that the action requires, and it requires them all:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappconfig.html
        reading = {
            "appconfig:ListDeployments": [config.arn(), config.environment_arn],
            "appconfig:GetHostedConfigurationVersion": [config.arn(), config.profile_arn, config.versions_arn],
        }
        seeding = {
            "appconfig:CreateHostedConfigurationVersion": [config.arn(), config.profile_arn],
            "appconfig:StartDeployment": [
                config.arn(), config.environment_arn, config.profile_arn, *config.strategy_arns,
            ],
            "appconfig:GetDeployment": [config.arn(), config.environment_arn, config.deployments_arn],
            "appconfig:StopDeployment": [config.arn(), config.environment_arn, config.deployments_arn],
            "appconfig:ListHostedConfigurationVersions": [config.arn(), config.profile_arn],
            "appconfig:DeleteHostedConfigurationVersion": [config.arn(), config.profile_arn, config.versions_arn],
            "lambda:InvokeFunction": [config.filter_sync.function.function_arn],
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

    def _grant_forwarder(self, stack_name: str) -> None:
        """Make the role in which EventBridge sends other regions' events home.

        EventBridge names the account of the rule that it acts for:
        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
        """
        role = aws_iam.Role(
            self,
            "Forwarder",
            role_name=forwarder_role_name(stack_name),
            description="Trailbell: sends events of other regions home. One a stack name: its hub is in one region",
            assumed_by=aws_iam.ServicePrincipal(
                "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            ),
        )
        home_bus = self.format_arn(
            service="events",
            resource="event-bus",
            resource_name="default",
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        role.add_to_policy(aws_iam.PolicyStatement(actions=["events:PutEvents"], resources=[home_bus]))

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


def _grant_windows(
    detector: Detector, closer: WindowCloser, state: State, notifier_queues: Sequence[aws_sqs.IQueue]
) -> None:
    """Allow the detector to open windows, and the closer to find them, close them, and wake notifiers."""
    table, queues = state.windows.table_arn, [closer.dead_letters, *notifier_queues]
    for role, actions, resources in (
        (detector.role, ["dynamodb:UpdateItem", "dynamodb:Query"], [table]),
        (closer.role, ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"], [table]),
        (closer.role, ["dynamodb:Query"], [state.due_index_arn]),
        (closer.role, ["sqs:SendMessage"], [queue.queue_arn for queue in queues]),
    ):
        role.add_to_policy(aws_iam.PolicyStatement(actions=actions, resources=resources))


def _only_items_of(kind: str, use: str) -> dict[str, Any]:
    """Return the condition that shuts out another destination's items, and what the detector's windows hold."""
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{use}#{kind}#*", f"{use}#{kind}/*"]}}
