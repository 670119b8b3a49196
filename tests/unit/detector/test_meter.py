"""Metrics as CloudWatch reads them out of the log.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from typing import Any

import pytest

from tests.unit.alerts import run_instances_alert
from trailbell.functions.detector.meter import Meter

NOW_SECONDS = 1700000000.5


@pytest.fixture
def meter() -> Meter:
    return Meter(namespace="Trailbell", service="detector", now_seconds=lambda: NOW_SECONDS)


def written(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = capsys.readouterr().out.splitlines()
    document: dict[str, Any] = json.loads(line)
    return document


def metrics(document: dict[str, Any]) -> dict[tuple[str, tuple[str, ...]], tuple[str, float]]:
    """Return what CloudWatch makes of a line: (metric, the values of its dimensions) -> (unit, value)."""
    found = {}
    for directive in document["_aws"]["CloudWatchMetrics"]:
        assert directive["Namespace"] == "Trailbell"
        for dimensions in directive["Dimensions"]:
            for metric in directive["Metrics"]:
                key = metric["Name"], tuple(f"{name}={document[name]}" for name in dimensions)
                found[key] = metric["Unit"], document[metric["Name"]]
    return found


def test_each_entry_of_the_books_is_a_count_of_the_service(meter: Meter, capsys: pytest.CaptureFixture[str]) -> None:
    meter.books({"Received": 1, "Matched": 1, "Findings": 3}, "v7")
    line = written(capsys)
    assert metrics(line) == {
        ("Received", ("service=detector",)): ("Count", 1),
        ("Matched", ("service=detector",)): ("Count", 1),
        ("Findings", ("service=detector",)): ("Count", 3),
    }
    assert line["config_version"] == "v7"


def test_the_next_books_are_written_with_their_own_values(meter: Meter, capsys: pytest.CaptureFixture[str]) -> None:
    meter.books({"Received": 1, "Findings": 3}, "v7")
    meter.books({"Received": 1, "Findings": 5}, None)
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [metrics(line)["Findings", ("service=detector",)][1] for line in (first, second)] == [3, 5]
    assert "config_version" not in second


def test_an_alert_counts_for_its_rule_its_severity_and_its_account(
    meter: Meter, capsys: pytest.CaptureFixture[str]
) -> None:
    alert = run_instances_alert()
    meter.alert(alert)
    assert metrics(written(capsys)) == {
        ("Alerts", (f"rule={alert.rule.id}",)): ("Count", 1),
        ("Alerts", (f"severity={alert.severity}",)): ("Count", 1),
        ("Alerts", (f"account={alert.event.account_id}",)): ("Count", 1),
        ("AlertDelay", ("service=detector",)): ("Seconds", alert.delay_seconds),
    }


def test_a_line_tells_its_time_in_milliseconds(meter: Meter, capsys: pytest.CaptureFixture[str]) -> None:
    meter.books({"Received": 1}, None)
    assert written(capsys)["_aws"]["Timestamp"] == 1700000000500
