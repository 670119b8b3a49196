"""A digest tells of every alert, in every destination's form and within its limits."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.alerts import RUN_INSTANCES
from tests.contract.hostile import STRINGS, places
from tests.contract.slack_limits import problems
from tests.contract.slack_markup import in_message
from tests.contract.test_hostile_text import is_shown
from trailbell.alert import Alert
from trailbell.formats import adaptive_card as teams
from trailbell.formats import pagerduty
from trailbell.formats.digest import Digest, headline, make_digest, to_documents
from trailbell.formats.document import from_document
from trailbell.formats.slack.digest import digest_message
from trailbell.formats.sns import BUDGET_BYTES, digest_publications, publish_bytes

SINCE = datetime(2026, 11, 23, 17, 58, tzinfo=UTC)


def digest(alerts: list[Alert]) -> Digest:
    return make_digest(destination="slack", since=SINCE, until=SINCE + timedelta(minutes=1), alerts=alerts)


def storm(count: int, **changes: Any) -> list[Alert]:
    return [replace(RUN_INSTANCES, id=f"event-{number}/rule", **changes) for number in range(count)]


STORM = digest([*storm(500), *storm(2, severity="critical")])


def test_the_worst_come_first_and_everything_is_counted() -> None:
    assert [alert.severity for alert in STORM.alerts[:3]] == ["critical", "critical", "medium"]
    assert headline(STORM) == "502 more alerts between 17:58 and 17:59 UTC: 2 critical, 500 medium"
    assert headline(digest(storm(1, test=True))).startswith("TEST: 1 more alert between")


def test_a_digest_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="one alert at least"):
        digest([])


def test_every_alert_is_whole_in_the_json() -> None:
    parts = to_documents(STORM, 100_000, lambda document: len(json.dumps(document)))
    assert len(parts) > 1
    assert all(len(json.dumps(part["alerts"])) <= 101_000 for part in parts)
    alerts = [from_document(document) for part in parts for document in part["alerts"]]
    assert alerts == list(STORM.alerts)
    assert {(part["count"], part["parts"], part["kind"]) for part in parts} == {(502, len(parts), "digest")}
    assert [part["part"] for part in parts] == list(range(1, len(parts) + 1))


def test_sns_takes_every_part() -> None:
    found = list(digest_publications(STORM))
    told = []
    for call in found:
        assert publish_bytes(call["Message"], call["MessageAttributes"]) <= BUDGET_BYTES
        assert len(call["Subject"]) < 100
        told += json.loads(json.loads(call["Message"])["default"])["alerts"]
    assert len(told) == 502


@pytest.mark.parametrize("hostile", STRINGS, ids=[ascii(item)[:30] for item in STRINGS])
def test_no_form_reads_anything_into_a_record(hostile: str) -> None:
    for place, put in places().items():
        found = digest([put(hostile)] * 60)
        message = digest_message(found)
        assert in_message(message) == set(), place
        assert problems(message) == [], place
        card = teams.digest_message(found)
        assert len(json.dumps(card).encode()) <= teams.MAX_MESSAGE_BYTES, place
        assert '"TextBlock"' not in json.dumps(card), place
        event = pagerduty.digest_event(found, "0" * 32)
        assert len(event["payload"]["summary"]) <= pagerduty.MAX_SUMMARY, place
        assert all(map(is_shown, event["payload"]["custom_details"]["Alerts"])), place
