"""Trailbell's own metrics, as alarms and the dashboard read them."""

from aws_cdk import Duration, aws_cloudwatch

from trailbell.contract.environments.detection import DETECTOR_SERVICE
from trailbell.contract.names import METRICS_NAMESPACE


def own(
    name: str, period: Duration, *, service: str = DETECTOR_SERVICE, statistic: str = "Sum", label: str | None = None
) -> aws_cloudwatch.Metric:
    """Return one of a function's own metrics, the detector's unless said otherwise."""
    return aws_cloudwatch.Metric(
        namespace=METRICS_NAMESPACE,
        metric_name=name,
        dimensions_map={"service": service},
        statistic=statistic,
        period=period,
        label=label,
    )
