"""Every real record can be matched, and shown in every form; Slack takes every message."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.contract.slack_limits import problems
from tests.contract.test_other_forms import finding, problems_of_finding
from tests.shared import needs_records, real_records
from tests.unit.alerts import alert_of
from trailbell import packs
from trailbell.authoring import load_config
from trailbell.facts.reader import read_facts
from trailbell.formats import adaptive_card as teams
from trailbell.formats import amazon_q, pagerduty, slack, text
from trailbell.formats.document import from_document, to_document
from trailbell.formats.sns import BUDGET_BYTES, publication, publish_bytes
from trailbell.pipeline import Pipeline
from trailbell.windows.memory import MemoryStore

PACKS = packs.FOLDER
SHARDS = 4


@needs_records
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_real_record_can_be_shown_in_every_form(shard: int) -> None:
    shown = 0
    for record in real_records(shard, SHARDS):
        # Some were published without their id or time, without which an event is refused as no record at all.
        record |= {"eventID": "00000000-0000-4000-8000-000000000000", "eventTime": "2026-11-02T09:00:00Z"}
        alert = alert_of(record)
        assert problems(slack.message(alert)) == [], record
        assert len(text.subject(alert)) < 100, record
        assert text.text(alert).encode(), record
        assert 0 < len(amazon_q.notification(alert)["content"]["description"]) <= amazon_q.MAX_DESCRIPTION, record
        assert len(json.dumps(teams.message(alert)).encode()) <= teams.MAX_MESSAGE_BYTES, record
        assert 0 < len(pagerduty.event(alert, "0" * 32)["payload"]["summary"]) <= pagerduty.MAX_SUMMARY, record
        assert problems_of_finding(finding(alert)) == [], record
        call = publication(alert)
        assert publish_bytes(call["Message"], call["MessageAttributes"]) <= BUDGET_BYTES, record
        assert from_document(json.loads(json.dumps(to_document(alert)))) == alert, record
        shown += 1
    assert shown > 4000 / SHARDS


@needs_records
@pytest.mark.parametrize("shard", range(SHARDS))
def test_all_rules_find_the_same_with_the_facts_that_they_look_at_as_with_all_facts(shard: int, tmp_path: Path) -> None:
    file = tmp_path / "trailbell.yaml"
    file.write_text(json.dumps({"packs": packs.pack_names()}))
    config = load_config(file, packs_dir=PACKS, today=date(2026, 11, 1)).config
    pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    rules, matches = pipeline.ruleset, 0
    for record in real_records(shard, SHARDS):
        matched = rules.match(record, lambda record=record: pipeline.read_facts(record))  # type: ignore[misc]
        assert matched == rules.match(record, lambda record=record: read_facts(record, config.names))  # type: ignore[misc]
        matches += len(matched)
    assert matches > 1000 / SHARDS
