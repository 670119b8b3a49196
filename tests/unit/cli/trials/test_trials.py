"""Trials: test events on which a rule surely alerts."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.unit.cli.trials.cloud import EVENTS, loaded
from trailbell.cli.shared.trials import MOST_RECORDS, choose_trial, make_trial
from trailbell.pipeline import Pipeline
from trailbell.sources import eventbridge
from trailbell.windows.memory import MemoryStore


def test_every_rule_of_the_starter_pack_can_be_tried(config: Path) -> None:
    """A trial's records make the pipeline alert; windows of an earlier trial by somebody else do not stop it."""
    known = loaded(config)
    tried = set()
    for entry in known.entries:
        if trial := make_trial(known, entry, EVENTS):
            pipeline = Pipeline.from_config(known.config, store=MemoryStore(), clock=lambda: datetime.now(UTC))
            alerts = [
                alert.id
                for put in trial.entries()
                for alert in pipeline.run(
                    eventbridge.receive({"source": put["Source"], "detail": json.loads(put["Detail"])})
                )
            ]
            assert trial.alert_ids & set(alerts), entry.rule.id
            tried.add(entry.rule.id)
    assert {rule.id for rule in known.config.rules} - tried == {
        "cloudtrail-stop-attempted",  # suppressed
        "ec2-instance-launched-unexpected-region",  # without expected_regions it never alerts
    }


def test_two_trials_are_by_two_people_and_share_no_event(config: Path) -> None:
    known = loaded(config)
    (entry,) = [each for each in known.entries if each.rule.id == "ec2-instance-launched"]
    first, second = (make_trial(known, entry, EVENTS) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.alert_ids.isdisjoint(second.alert_ids)
    arns = {trial.records[0]["userIdentity"]["arn"] for trial in (first, second)}
    assert len(arns) == 2


def test_a_threshold_gets_as_many_events_as_it_counts(config: Path) -> None:
    known = loaded(config)
    (entry,) = [each for each in known.entries if each.rule.id == "console-sign-in-failed"]
    trial = make_trial(known, entry, EVENTS)
    assert trial is not None
    assert entry.rule.threshold is not None
    assert len(trial.records) == entry.rule.threshold.count <= MOST_RECORDS


def test_the_rule_that_is_chosen_is_mild_and_tells_everybody(config: Path) -> None:
    trial = choose_trial(loaded(config), EVENTS)
    assert trial is not None
    assert set(trial.destinations) == {"email", "slack", "sns"}
    assert trial.rule.severity in {"info", "low", "medium"}
    assert trial.rule.id != "cloudtrail-stop-attempted", "a suppressed rule must not be chosen"
