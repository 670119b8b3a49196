"""The alarms on Trailbell itself."""

from aws_cdk import Duration, aws_cloudwatch, aws_cloudwatch_actions, aws_sns
from constructs import Construct

from trailbell.contract.environments.detection import WINDOW_CLOSER_SERVICE
from trailbell.infra.watching.metrics import own
from trailbell.infra.watching.watched import Watched

MAX_AGE = Duration.minutes(30)
"""What a notifier could not deliver comes back within minutes."""
MAX_OVERDUE = Duration.minutes(5)
"""What is due is told within a minute or two, and what failed is due anew."""
HEARTBEAT_HOURS = 24


class Alarms(Construct):
    """All of them go to the health topic."""

    def __init__(self, scope: Construct, id_: str, *, topic: aws_sns.ITopic, watched: Watched) -> None:
        """Make the alarms."""
        super().__init__(scope, id_)
        self._topic = topic
        self._watch_queues(watched)
        self._watch_sweeps()
        self._watch_functions(watched)
        self._watch_heartbeat()
        self._alarm(
            "BooksAlarm",
            "The detector does not know what became of a finding: look for Books in its log, and report a bug.",
            own("Unbalanced", Duration.minutes(5)),
        )
        self._alarm(
            "ConfigUnavailableAlarm",
            "The detector cannot read the live config from AppConfig, and goes on with an earlier one: see its log.",
            own("ConfigUnavailable", Duration.minutes(5)),
        )
        self.config_alarms = [
            self._alarm(
                "ConfigRejectedAlarm",
                "The live config is broken; the detector goes on with the last good one. `trailbell config rollback`.",
                own("ConfigRejected", Duration.minutes(1)),
            ),
            self._alarm(
                "FindingsFailedAlarm",
                "The detector could not settle a finding, and tries again: see `Finding not settled` in its log.",
                own("Failed", Duration.minutes(1)),
            ),
        ]
        """Those on which a config that was just deployed is taken back."""

    def _watch_queues(self, watched: Watched) -> None:
        for name, queue in watched.dead_letter_queues.items():
            self._alarm(
                f"{name}DeadLettersAlarm",
                f"Events or alerts that {name} could not handle wait in {queue.queue_name}: read one, mend, redrive.",
                queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1), statistic="Maximum"),
            )
        for name, queue in watched.work_queues.items():
            self._alarm(
                f"{name}WaitingAlarm",
                f"A message for {name} has waited half an hour in {queue.queue_name}: its reader is stopped or behind.",
                queue.metric_approximate_age_of_oldest_message(period=Duration.minutes(5), statistic="Maximum"),
                threshold=MAX_AGE.to_seconds(),
            )

    def _watch_sweeps(self) -> None:
        period = Duration.minutes(5)
        alarm = self._alarm(
            "WindowsWaitingAlarm",
            "For half an hour the window closer did not run, or was behind: follow-ups and digests are late.",
            own("OverdueSeconds", period, service=WINDOW_CLOSER_SERVICE, statistic="Maximum"),
            threshold=MAX_OVERDUE.to_seconds(),
            periods=int(MAX_AGE.to_seconds() / period.to_seconds()),
            # Each sweep measures it.
            missing=aws_cloudwatch.TreatMissingData.BREACHING,
        )
        alarm.add_ok_action(aws_cloudwatch_actions.SnsAction(self._topic))

    def _watch_functions(self, watched: Watched) -> None:
        for name, function in watched.functions.items():
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
        for name, service in watched.notifier_services.items():
            self._alarm(
                f"{name}FailingAlarm",
                f"{name} has not taken alerts for a quarter of an hour: its notifier's log says why. They are kept.",
                own("Retried", Duration.minutes(5), service=service),
                periods=3,
            )

    def _watch_heartbeat(self) -> None:
        alarm = aws_cloudwatch.Alarm(
            self,
            "HeartbeatAlarm",
            alarm_description="No heartbeat came through filter, detector and SNS for a day: alerts may not either.",
            metric=own("Heartbeat", Duration.hours(1)),
            threshold=1,
            evaluation_periods=HEARTBEAT_HOURS,
            comparison_operator=aws_cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=aws_cloudwatch.TreatMissingData.BREACHING,
        )
        alarm.add_alarm_action(aws_cloudwatch_actions.SnsAction(self._topic))
        alarm.add_ok_action(aws_cloudwatch_actions.SnsAction(self._topic))

    def _alarm(
        self,
        id_: str,
        description: str,
        metric: aws_cloudwatch.IMetric,
        *,
        threshold: float = 1,
        periods: int = 1,
        missing: aws_cloudwatch.TreatMissingData = aws_cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> aws_cloudwatch.Alarm:
        alarm = aws_cloudwatch.Alarm(
            self,
            id_,
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=aws_cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(aws_cloudwatch_actions.SnsAction(self._topic))
        return alarm
