"""Alerts for tests, made from the records of tests/events by the real pipeline."""

import json
from datetime import UTC, datetime
from typing import Any

from trailbell import examples
from trailbell.alert import Alert
from trailbell.config.model import Config
from trailbell.names import Names
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Rule
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore

EVENTS = examples.FOLDER
NOW = datetime(2023, 10, 8, 17, 50, 34, tzinfo=UTC)


def alert_of(record: dict[str, Any], *, names: Names | None = None, **rule_fields: Any) -> Alert:
    """Return the alert of a record under a rule that matches its event name."""
    fields: dict[str, Any] = {"id": "test-rule", "title": "Test rule", "severity": "medium", **rule_fields}
    rule = Rule(match=Pattern.parse({"eventName": [record["eventName"]]}), **fields)
    config = Config(version="test", rules=(rule,), names=names or Names())
    pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda: NOW)
    (alert,) = pipeline.run(SourcedRecord.of(record))
    return alert


def run_instances_alert() -> Alert:
    """Return the alert that everybody tries first."""
    return alert_of(json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8")))
