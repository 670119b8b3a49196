"""The hub: what runs in the home region. Composes the constructs; grants are in infra/grants.py."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from aws_cdk import CfnOutput, aws_iam, aws_lambda, aws_sqs
from constructs import Construct

from trailbell.contract.environments.detection import DetectorEnvironment, WindowCloserEnvironment
from trailbell.contract.names import (
    DEAD_LETTERS_SUFFIX,
    LOG_GROUP_SUFFIX,
    PACKAGED_CONFIG,
    QUEUE_SUFFIX,
    SECRET_SUFFIX,
    Output,
)
from trailbell.contract.places import Place
from trailbell.contract.version import VERSION
from trailbell.infra.base import bundling
from trailbell.infra.base.queues import dead_letter_queue
from trailbell.infra.base.stack import FixedStack
from trailbell.infra.grants import (
    CLAIM_ACTIONS,
    grant_config,
    grant_forwarder,
    grant_heartbeat,
    grant_notifier,
    grant_windows,
    make_alarm_reader,
)
from trailbell.infra.parts.delivery import AlertsTopic
from trailbell.infra.parts.detector import Detector
from trailbell.infra.parts.filters import Filters
from trailbell.infra.parts.notifier import Notifier
from trailbell.infra.parts.rule_config import RuleConfig
from trailbell.infra.parts.state import State
from trailbell.infra.parts.trail import Trail
from trailbell.infra.parts.window_closer import WindowCloser
from trailbell.infra.settings import Settings
from trailbell.infra.watching.alarms import Alarms
from trailbell.infra.watching.dashboard import Dashboard
from trailbell.infra.watching.health import Health
from trailbell.infra.watching.heartbeat import Heartbeat
from trailbell.infra.watching.queries import Queries
from trailbell.infra.watching.watched import Watched


class HubStack(FixedStack):
    """CloudTrail -> EventBridge -> detector -> alerts topic -> e-mail, Slack, and who else subscribes."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, forwarded: Mapping[Place, str], **options: Any
    ) -> None:
        """Compose the stack. `forwarded`: place -> its live slots' generation. `options` go to `Stack` as they are."""
        super().__init__(scope, id_, description="Trailbell: alerts on what CloudTrail records", **options)
        self.template_options.metadata = {"Trailbell": {"Version": VERSION}}
        if settings.trail == "create":
            Trail(self, "Trail")
        alerts = AlertsTopic(self, "Alerts", emails=settings.emails, routed=settings.routed)
        state = State(self, "State")
        heartbeat = Heartbeat(self, "Heartbeat", key=alerts.key)
        rule_config = RuleConfig(
            self,
            "RuleConfig",
            build_folder=settings.build_folder,
            compiled_config=settings.compiled_config,
            config_version=settings.config_version,
            name=settings.stack_name,
            slots=settings.slots,
            log_retention_days=settings.log_retention_days,
        )
        detector = Detector(
            self,
            "Detector",
            code=bundling.bundle(settings.build_folder, "detector", {PACKAGED_CONFIG: settings.compiled_config}),
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
        home = Place(region=settings.home_region or self.region)
        rule_config.keep_filters_in_line({home: filters.generation, **forwarded})
        beats_arn = heartbeat.beat_through(detector.function, dead_letter_queue=undelivered)
        notifiers = {
            each.name: Notifier(
                self,
                each.name,
                build_folder=settings.build_folder,
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
            code=bundling.bundle(settings.build_folder, "window_closer", {}),
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
        grant_forwarder(self, settings.stack_name)
        for role in (detector.role, closer.role):
            role.add_to_policy(aws_iam.PolicyStatement(actions=["sns:Publish"], resources=[alerts.topic.topic_arn]))
            role.add_to_policy(
                # What SNS needs of its caller to encrypt:
                # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
                aws_iam.PolicyStatement(actions=["kms:GenerateDataKey", "kms:Decrypt"], resources=[alerts.key.key_arn])
            )
            role.add_to_policy(aws_iam.PolicyStatement(actions=CLAIM_ACTIONS, resources=[state.claims.table_arn]))
        alerts.publish_only_by(detector.role, closer.role)
        grant_heartbeat(heartbeat, detector)
        grant_windows(detector, closer, state, [each.queue for each in braked.values()])
        wakes = detector.woken_by(*filters.arns, beats_arn)
        filters.begin_after(wakes)
        undelivered.add_to_resource_policy(filters.may_leave_events_in(undelivered, beats_arn))
        rule_config.order(filters, after=[detector.function, wakes, undelivered])
        grant_config(rule_config, detector)
        for each in settings.notifiers:
            grant_notifier(self, each, notifiers[each.name], state, https_format=settings.https_format)

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
        rule_config.roll_back_on(alarms.config_alarms, make_alarm_reader(self))
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

    def _output(self, name: str, value: str, description: str) -> None:
        CfnOutput(self, name, value=value, description=description)
