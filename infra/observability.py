"""Trailbell's own health: alarms, and a plain topic that does not depend on what they watch."""

from collections.abc import Mapping

from aws_cdk import (
    Duration,
    Stack,
    aws_cloudwatch,
    aws_cloudwatch_actions,
    aws_iam,
    aws_kms,
    aws_lambda,
    aws_sns,
    aws_sns_subscriptions,
    aws_sqs,
)
from constructs import Construct

from infra.function import DETECTOR_SERVICE, METRICS_NAMESPACE


class Observability(Construct):
    """An alarm on each dead-letter queue, on each function's errors and throttles, and on the detector's books."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: aws_kms.Key,
        alarm_email: str | None,
        dead_letter_queues: Mapping[str, aws_sqs.IQueue],
        functions: Mapping[str, aws_lambda.IFunction],
        notifier_services: Mapping[str, str],
    ) -> None:
        """`notifier_services` gives the `service` that a notifier's metrics name to the name of each."""
        super().__init__(scope, id_)
        self.topic = aws_sns.Topic(
            self, "HealthTopic", display_name="Trailbell health", master_key=key, enforce_ssl=True
        )
        key.add_to_resource_policy(
            aws_iam.PolicyStatement(
                sid="AlarmsEncrypt",
                principals=[aws_iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["kms:GenerateDataKey", "kms:Decrypt"],
                resources=["*"],  # a key policy's resource is its key
            )
        )
        # A topic policy of one's own takes the place of the default one, by which alarms of the account may publish.
        self.topic.add_to_resource_policy(
            aws_iam.PolicyStatement(
                sid="AlarmsPublish",
                principals=[aws_iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        if alarm_email:
            self.topic.add_subscription(aws_sns_subscriptions.EmailSubscription(alarm_email))
        for name, queue in dead_letter_queues.items():
            self._alarm(
                f"{name}DeadLettersAlarm",
                f"Events or alerts that {name} could not handle wait in {queue.queue_name}: read one, mend, redrive.",
                queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1), statistic="Maximum"),
            )
        for name, function in functions.items():
            self._alarm(
                f"{name}ErrorsAlarm",
                f"{name} failed: see its log group. Nothing is lost, what fails is retried, then a dead letter.",
                function.metric_errors(period=Duration.minutes(5)),
            )
            self._alarm(
                f"{name}ThrottlesAlarm",
                f"{name} was throttled: alerts come late. Raise the account's Lambda concurrency.",
                function.metric_throttles(period=Duration.minutes(5)),
            )

        for name, service in notifier_services.items():
            self._alarm(
                f"{name}FailingAlarm",
                f"{name} has not taken alerts for a quarter of an hour: its notifier's log says why. They are kept.",
                _count("Retried", Duration.minutes(5), service=service),
                periods=3,
            )
        self._alarm(
            "BooksAlarm",
            "The detector does not know what became of a finding: look for Books in its log, and report a bug.",
            _count("Unbalanced", Duration.minutes(5)),
        )
        self._alarm(
            "ConfigUnavailableAlarm",
            "The detector cannot read the live config from AppConfig, and goes on with an earlier one: see its log.",
            _count("ConfigUnavailable", Duration.minutes(5)),
        )
        self.config_alarms = [
            self._alarm(
                "ConfigRejectedAlarm",
                "The live config is broken; the detector goes on with the last good one. `trailbell config rollback`.",
                _count("ConfigRejected", Duration.minutes(1)),
            ),
            self._alarm(
                "FindingsFailedAlarm",
                "The detector could not settle a finding, and tries again: see `Finding not settled` in its log.",
                _count("Failed", Duration.minutes(1)),
            ),
        ]
        """Those on which a config that was just deployed is taken back."""

    def _alarm(
        self, id_: str, description: str, metric: aws_cloudwatch.IMetric, *, periods: int = 1
    ) -> aws_cloudwatch.Alarm:
        alarm = aws_cloudwatch.Alarm(
            self,
            id_,
            alarm_description=description,
            metric=metric,
            threshold=1,
            evaluation_periods=periods,
            comparison_operator=aws_cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=aws_cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(aws_cloudwatch_actions.SnsAction(self.topic))
        return alarm


def _count(name: str, period: Duration, service: str = DETECTOR_SERVICE) -> aws_cloudwatch.Metric:
    """Return one of the counts of a function's own, the detector's unless said otherwise."""
    return aws_cloudwatch.Metric(
        namespace=METRICS_NAMESPACE,
        metric_name=name,
        dimensions_map={"service": service},
        statistic="Sum",
        period=period,
    )
