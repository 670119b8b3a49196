import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools import Metrics

from detector.handler import Detector
from detector.settings import read_settings
from trailbell.alert import Alert
from trailbell.errors import ConfigError, DeliveryError, RecordError
from trailbell.names import Names
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rules import Rule
from trailbell.ruleset import RuleSet

EVENTS = Path(__file__).resolve().parents[2] / "events"
NOW = datetime(2023, 10, 8, 17, 50, 34, tzinfo=UTC)


def rule(id_: str, event_name: str = "RunInstances") -> Rule:
    return Rule(id=id_, title=id_, severity="medium", match=Pattern.parse({"eventName": [event_name]}))


def launch() -> dict[str, Any]:
    record = json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    return {"source": "aws.ec2", "detail-type": "AWS API Call via CloudTrail", "detail": record}


@pytest.fixture
def metrics() -> Metrics:
    metrics = Metrics(namespace="Trailbell", service="detector")
    metrics.clear_metrics()
    return metrics


@pytest.fixture
def make_detector(metrics: Metrics) -> Callable[..., Detector]:
    def make(publish: Callable[[Alert], None], *rules: Rule) -> Detector:
        pipeline = Pipeline(ruleset=RuleSet.compile(rules), names=Names(), config_version="test", clock=lambda: NOW)
        return Detector(pipeline=pipeline, publish=publish, metrics=metrics)

    return make


def counted(metrics: Metrics) -> dict[str, float]:
    return {name: sum(metric["Value"]) for name, metric in metrics.metric_set.items()}


def test_every_rule_that_matches_publishes_one_alert(make_detector: Callable[..., Detector], metrics: Metrics) -> None:
    published: list[Alert] = []
    make_detector(published.append, rule("a"), rule("b"), rule("c", "StopInstances")).handle(launch())
    assert [alert.rule.id for alert in published] == ["a", "b"]
    assert counted(metrics) == {"Received": 1, "Matched": 1, "Alerted": 2, "AlertDelay": 20.0}


def test_a_record_that_no_rule_matches_publishes_nothing(
    make_detector: Callable[..., Detector], metrics: Metrics
) -> None:
    published: list[Alert] = []
    make_detector(published.append, rule("c", "StopInstances")).handle(launch())
    assert published == []
    assert counted(metrics) == {"Received": 1, "Unmatched": 1}


def test_an_alert_that_cannot_be_published_does_not_stop_the_next_and_fails_the_event(
    make_detector: Callable[..., Detector], metrics: Metrics
) -> None:
    published: list[Alert] = []

    def publish(alert: Alert) -> None:
        if alert.rule.id == "a":
            raise DeliveryError("topic out of order")
        published.append(alert)

    event_id = launch()["detail"]["eventID"]
    with pytest.raises(DeliveryError, match=f"1 of 2 alerts could not be published: {event_id}/a"):
        make_detector(publish, rule("a"), rule("b")).handle(launch())
    assert [alert.rule.id for alert in published] == ["b"]
    assert counted(metrics)["PublishFailed"] == 1


@pytest.mark.parametrize("event", [None, [], "x", 1, {}, {"source": "aws.ec2", "detail": "x"}, {"detail": {}}])
def test_an_event_that_cannot_be_read_fails(
    make_detector: Callable[..., Detector], metrics: Metrics, event: object
) -> None:
    with pytest.raises(RecordError):
        make_detector(lambda _: None, rule("a")).handle(event)
    assert counted(metrics) == {"Received": 1, "Unreadable": 1}


def test_settings_say_what_is_wrong_with_the_compiled_config(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ConfigError):
        read_settings({"TRAILBELL_TOPIC_ARN": "arn"}, tmp_path / "config.json")
