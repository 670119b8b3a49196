"""Every real record can be shown in every form, and Slack takes every message."""

import json

from tests.contract.slack_limits import problems
from tests.contract.test_other_forms import finding, problems_of_finding
from tests.shared import needs_records, real_records
from tests.unit.alerts import alert_of
from trailbell.render import amazon_q, pagerduty, slack, teams, text
from trailbell.render.document import from_document, to_document
from trailbell.render.sns import BUDGET_BYTES, publication, publish_bytes


@needs_records
def test_every_real_record_can_be_shown_in_every_form() -> None:
    shown = 0
    for record in real_records():
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
    assert shown > 4000
