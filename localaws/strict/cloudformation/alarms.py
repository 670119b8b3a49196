"""Alarms on metric math, which MiniStack's CloudFormation refuses; and alarms that look at their own metric only.

MiniStack's alarm on a metric takes in the same metric of every other function, queue or rule: here dimensions count.
"""

import operator
import time
from collections.abc import Mapping
from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from localaws.strict.cloudformation import metric_math
from localaws.strict.cloudformation.types import Properties

_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_OF_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit")


def install() -> None:
    """Let templates hold such alarms, and judge every alarm by its own metrics."""
    record_of_one = provisioners._cw_metric_alarm_record

    def record(name: str, properties: Properties) -> dict[str, Any]:
        metrics = properties.get("Metrics")
        if not metrics:
            made: dict[str, Any] = record_of_one(name, properties)
            return made
        _check(metrics)
        made = record_of_one(name, {**properties, "Metrics": None, "MetricName": "-", "Namespace": "-"})
        kept = {key: value for key, value in made.items() if key not in _OF_ONE_METRIC}
        return kept | {"Metrics": [{"ReturnData": True, **metric} for metric in metrics]}

    provisioners._cw_metric_alarm_record = record
    cloudwatch._evaluate_alarm = evaluate


def evaluate(alarm: dict[str, Any]) -> None:
    """Set the alarm's state by the data of its evaluation periods, and do what the alarm does on a change."""
    value = _value_of_math(alarm) if alarm.get("Metrics") else _value_of_one(alarm)
    compare = _COMPARISONS.get(alarm["ComparisonOperator"])
    if value is None or compare is None:
        return
    old, new = alarm["StateValue"], "ALARM" if compare(value, alarm["Threshold"]) else "OK"
    if old == new:
        return
    reason = f"Threshold Crossed: {value} {alarm['ComparisonOperator']} {alarm['Threshold']}"
    alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _check(metrics: list[Mapping[str, Any]]) -> None:
    """Refuse what PutMetricAlarm refuses: unknown ids, and not exactly one result. Raises ValueError."""
    returned = [metric["Id"] for metric in metrics if metric.get("ReturnData", True)]
    if len(returned) != 1:
        raise ValueError(f"ValidationError: exactly one element of Metrics returns data, here {returned}")
    known = frozenset(metric["Id"] for metric in metrics)
    for metric in metrics:
        if "Expression" in metric:
            metric_math.check(metric["Expression"], known)


def _value_of_math(alarm: Mapping[str, Any]) -> metric_math.Value:
    values: dict[str, metric_math.Value] = {}
    # An expression may use what another made: the metrics first, then the expressions, the returned one last.
    for metric in sorted(alarm["Metrics"], key=lambda metric: ("Expression" in metric, metric["ReturnData"])):
        if "Expression" in metric:
            values[metric["Id"]] = metric_math.compute(metric["Expression"], values)
        else:
            query = metric["MetricStat"]
            seconds = int(query["Period"]) * alarm["EvaluationPeriods"]
            values[metric["Id"]] = _statistic(query["Metric"], query["Stat"], seconds)
    (returned,) = (metric["Id"] for metric in alarm["Metrics"] if metric["ReturnData"])
    return values[returned]


def _value_of_one(alarm: Mapping[str, Any]) -> metric_math.Value:
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    return _statistic(alarm, statistic, alarm.get("Period", 60) * alarm.get("EvaluationPeriods", 1))


def _statistic(metric: Mapping[str, Any], statistic: str, seconds: int) -> metric_math.Value:
    """Return a statistic of a metric of these dimensions, None where nothing was put in that time."""
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions") or []}
    key = (metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))
    since = time.time() - seconds
    points = [point for point in cloudwatch._metrics.get(key, ()) if point["Timestamp"] >= since]
    if not points:
        return None
    value: metric_math.Value = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    return value
