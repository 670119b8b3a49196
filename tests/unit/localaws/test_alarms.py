"""Alarms on metric math, and on one metric."""

import json
from typing import Any

import pytest
from ministack.services import cloudwatch

from localaws.strict.cloudformation import alarms
from localaws.strict.cloudformation.metric_math import compute
from tests.unit.localaws.stacks import StackError, deploy, destroy

RULES = ("slot-1", "slot-2")
BASE = {"ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1, "Threshold": 1}


@pytest.fixture(scope="module", autouse=True)
def strict() -> None:
    alarms.install()


def metric(rule: str) -> dict[str, Any]:
    dimensions = [{"Name": "RuleName", "Value": rule}]
    return {"Namespace": "AWS/Events", "MetricName": "FailedInvocations", "Dimensions": dimensions}


def on_sum(expression: str = "SUM([FILL(m0,0),FILL(m1,0)])", **properties: Any) -> dict[str, Any]:
    metrics = [
        {"Id": f"m{place}", "ReturnData": False, "MetricStat": {"Metric": metric(rule), "Period": 300, "Stat": "Sum"}}
        for place, rule in enumerate(RULES)
    ]
    whole = {**BASE, "Metrics": [{"Id": "sum", "Expression": expression}, *metrics], **properties}
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": whole}


def on_one(rule: str) -> dict[str, Any]:
    properties = {**BASE, **metric(rule), "Period": 300, "Statistic": "Sum"}
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}


def put(rule: str, value: float) -> None:
    whole = metric(rule)
    datum = {"MetricName": whole["MetricName"], "Dimensions": whole["Dimensions"], "Value": value}
    cloudwatch._put_metric_data({}, {"Namespace": whole["Namespace"], "MetricData": [datum]}, False, True)


def described(name: str) -> dict[str, Any]:
    found = json.loads(cloudwatch._describe_alarms({}, {"AlarmNames": [name]}, False, True)[2])
    alarm: dict[str, Any] = found["MetricAlarms"][0]
    return alarm


def test_an_alarm_on_a_sum_is_made_judged_changed_and_goes() -> None:
    name = deploy({"Alarm": on_sum()})["Alarm"]
    assert [part["Id"] for part in described(name)["Metrics"]] == ["sum", "m0", "m1"]
    assert "MetricName" not in described(name)
    put("slot-2", 1)
    assert described(name)["StateValue"] == "ALARM"
    put("another", 1)

    deploy({"Alarm": on_sum(Threshold=2)})
    assert described(name)["StateValue"] == "OK"
    put("slot-1", 1)
    assert described(name)["StateValue"] == "ALARM"
    destroy()
    assert not json.loads(cloudwatch._describe_alarms({}, {}, False, True)[2])["MetricAlarms"]


def test_an_alarm_on_a_sum_without_data_is_not_raised() -> None:
    name = deploy({"Alarm": on_sum()})["Alarm"]
    assert described(name)["StateValue"] == "OK"


def test_an_alarm_looks_at_the_metric_of_its_own_dimensions_only() -> None:
    names = deploy({"First": on_one("slot-1"), "Second": on_one("slot-2")})
    put("slot-2", 1)
    assert [described(names[key])["StateValue"] for key in ("First", "Second")] == ["INSUFFICIENT_DATA", "ALARM"]


@pytest.mark.parametrize("expression", ["SUM([unknown])", "__import__('os')", "m0 +"])
def test_an_expression_that_is_none_is_refused(expression: str) -> None:
    with pytest.raises(StackError, match="ValidationError"):
        deploy({"Alarm": on_sum(expression)})


def test_two_results_are_refused() -> None:
    alarm = on_sum()
    alarm["Properties"]["Metrics"][1]["ReturnData"] = True
    with pytest.raises(StackError, match="exactly one element"):
        deploy({"Alarm": alarm})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a + b * 2", 5),
        ("a / none", None),
        ("a / 0", None),
        ("MAX([a, b, none])", 2),
        ("AVG([a, b])", 1.5),
        ("MIN([none])", None),
    ],
)
def test_metric_math_leaves_out_what_is_missing(expression: str, value: float | None) -> None:
    assert compute(expression, {"a": 1, "b": 2, "none": None}) == value
