"""Lambda handler of the detector."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from detector.settings import Settings, read_settings
from detector.sns_topic import SnsTopic
from trailbell.alert import Alert
from trailbell.errors import DeliveryError, RecordError
from trailbell.pipeline import Pipeline

logger = Logger()


class Detector:
    """Runs the pipeline on one event and publishes what it finds."""

    def __init__(self, *, pipeline: Pipeline, publish: Callable[[Alert], None], metrics: Metrics) -> None:
        self._pipeline = pipeline
        self._publish = publish
        self._metrics = metrics

    def handle(self, event: object) -> None:
        """Publish the alerts of one EventBridge event.

        Raises RecordError for what is no CloudTrail event, and DeliveryError once every alert was tried: Lambda then
        retries the event, and keeps it in the dead-letter queue if that does not help.
        """
        self._metrics.add_metric("Received", MetricUnit.Count, 1)
        try:
            alerts = self._pipeline.run(event)
        except RecordError as error:
            self._metrics.add_metric("Unreadable", MetricUnit.Count, 1)
            logger.error("Cannot read the event; it goes to the dead-letter queue", reason=str(error))  # noqa: TRY400 - the reason says it all; a traceback would bury it
            raise
        self._metrics.add_metric("Matched" if alerts else "Unmatched", MetricUnit.Count, 1)
        failed = [alert.id for alert in alerts if not self._try(alert)]
        if failed:
            raise DeliveryError(f"{len(failed)} of {len(alerts)} alerts could not be published: {', '.join(failed)}")

    def _try(self, alert: Alert) -> bool:
        """Publish one alert; one that fails does not stop the next."""
        fields = {"alert_id": alert.id, "rule": alert.rule.id, "severity": alert.severity}
        try:
            self._publish(alert)
        except DeliveryError:
            logger.exception("Alert not published", extra=fields)
            self._metrics.add_metric("PublishFailed", MetricUnit.Count, 1)
            return False
        logger.info("Alert published", extra={**fields, "event_delay_seconds": round(alert.delay_seconds, 3)})
        self._metrics.add_metric("Alerted", MetricUnit.Count, 1)
        self._metrics.add_metric("AlertDelay", MetricUnit.Seconds, alert.delay_seconds)
        return True


_detector: Detector | None = None
metrics = Metrics()


def make_detector(settings: Settings) -> Detector:
    """Put the parts together."""
    topic = SnsTopic(settings.topic_arn, https_format=settings.https_format)
    return Detector(pipeline=settings.pipeline, publish=topic.publish, metrics=metrics)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: Any, context: LambdaContext) -> None:  # noqa: ARG001 - Lambda's signature
    """Handle one event that a filter let through."""
    global _detector  # noqa: PLW0603 - made once in the life of the sandbox
    if _detector is None:
        _detector = make_detector(read_settings())
    _detector.handle(event)
