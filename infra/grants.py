"""The hub's grants: who may do what on what, and nothing besides. tests/infra/permissions.json lists them all."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import ArnFormat, Stack, aws_iam, aws_sqs

from trailbell.contract.destinations import Surroundings
from trailbell.contract.names import forwarder_role_name
from trailbell.infra.base.nag import acknowledge_wildcards
from trailbell.infra.parts.delivery import no_other_publishes
from trailbell.infra.parts.detector import Detector
from trailbell.infra.parts.notifier import Notifier
from trailbell.infra.parts.rule_config import RuleConfig
from trailbell.infra.parts.state import State
from trailbell.infra.parts.window_closer import WindowCloser
from trailbell.infra.settings import NotifierSettings
from trailbell.infra.watching.heartbeat import Heartbeat

CLAIM_ACTIONS = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetItem"]
"""Claim, complete, give back; Powertools reads a claim that it finds changed in between."""


def grant_notifier(
    stack: Stack, settings: NotifierSettings, notifier: Notifier, state: State, *, https_format: str
) -> None:
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
            aws_iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[notifier.secret.secret_arn])
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
    around = Surroundings(
        account=stack.account, partition=stack.partition, region=stack.region, https_format=https_format
    )
    for statement in settings.statements(around):
        notifier.role.add_to_policy(
            aws_iam.PolicyStatement(actions=list(statement.actions), resources=list(statement.resources))
        )


def grant_heartbeat(heartbeat: Heartbeat, detector: Detector) -> None:
    """Let the detector, and nobody else, say that events come through."""
    detector.role.add_to_policy(aws_iam.PolicyStatement(actions=["sns:Publish"], resources=[heartbeat.topic.topic_arn]))
    heartbeat.topic.add_to_resource_policy(no_other_publishes(heartbeat.topic, detector.role))


def grant_config(config: RuleConfig, detector: Detector) -> None:
    """Grant each function around the live config what it does, and AppConfig the validator."""
    detector.role.add_to_policy(
        aws_iam.PolicyStatement(
            actions=["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"],
            resources=[config.live_arn],
        )
    )
    # Without a source, as CDK's own LambdaValidator grants it: nothing says that AppConfig names one.
    # https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_appconfig.LambdaValidator.html
    config.validator.function.add_permission("AppConfig", principal=aws_iam.ServicePrincipal("appconfig.amazonaws.com"))
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
        acknowledge_wildcards(role, everything, "Versions and deployments of the one profile: they are only numbers.")
    # AppConfig asks the validator before the first deployment, too; and its work is done before its role is gone.
    config.seeded.node.add_dependency(config.validator.function, config.seed.role)


def grant_forwarder(stack: Stack, stack_name: str) -> None:
    """Make the role in which EventBridge sends other regions' events home.

    EventBridge names the account of the rule that it acts for:
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
    """
    role = aws_iam.Role(
        stack,
        "Forwarder",
        role_name=forwarder_role_name(stack_name),
        description="Trailbell: sends events of other regions home. One a stack name: its hub is in one region",
        assumed_by=aws_iam.ServicePrincipal(
            "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
        ),
    )
    home_bus = stack.format_arn(
        service="events",
        resource="event-bus",
        resource_name="default",
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
    role.add_to_policy(aws_iam.PolicyStatement(actions=["events:PutEvents"], resources=[home_bus]))


def make_alarm_reader(stack: Stack) -> aws_iam.Role:
    """Return the role in which AppConfig looks at alarms.

    https://docs.aws.amazon.com/appconfig/latest/userguide/getting-started-with-appconfig-cloudwatch-alarms-permissions.html
    """
    role = aws_iam.Role(stack, "AlarmReader", assumed_by=aws_iam.ServicePrincipal("appconfig.amazonaws.com"))
    role.add_to_policy(aws_iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=["*"]))
    acknowledge_wildcards(role, ["*"], "AppConfig's own guide asks for it so; it only reads the states of alarms.")
    return role


def grant_windows(
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
