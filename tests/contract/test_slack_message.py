"""Slack takes every message, and it says what it must."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.alerts_page import alerts
from tests.alerts import RESOURCES, RUN_INSTANCES, alert, event, thousand_instances
from tests.contract.slack_limits import problems
from tests.contract.slack_markup import in_message, shown
from trailbell.alert import Alert, FollowUp
from trailbell.formats import slack
from trailbell.formats.document import from_document, to_document
from trailbell.formats.slack.thread import with_repeats
from trailbell.formats.sns import BUDGET_BYTES, MAX_ATTRIBUTES, publication, publish_bytes
from trailbell.formats.text import subject, text
from trailbell.record import Origin, Principal, Resource

LETTERS = st.text(st.characters(), max_size=40) | st.sampled_from(["x" * 5000, "\u202e" * 3000, "<!here>" * 500])
URLS = st.none() | LETTERS.map(lambda end: f"https://example.com/{end}")


def made(part: Any, **fields: Any) -> Any:
    return st.builds(part, **fields)


RESOURCE = made(Resource, type=LETTERS, id=LETTERS, name=st.none() | LETTERS, arn=st.none() | LETTERS, url=URLS)
PRINCIPAL = st.builds(Principal, display=LETTERS, user_name=LETTERS, access_key_id=LETTERS, invoked_by=LETTERS)
ALERTS = st.builds(
    alert,
    summary=LETTERS,
    undo=st.none() | LETTERS,
    severity=st.sampled_from(["info", "low", "medium", "high", "critical"]),
    test=st.booleans(),
    event=st.builds(
        event, name=LETTERS, region=LETTERS, error_code=st.none() | LETTERS, error_message=LETTERS, url=URLS
    ),
    principal=PRINCIPAL,
    origin=st.builds(Origin, address=LETTERS, network=LETTERS, client=LETTERS),
    resources=st.lists(RESOURCE, max_size=30).map(tuple),
    repeats=st.integers(0, 10**6),
    request_parameters=st.recursive(
        LETTERS | st.integers(), lambda part: st.dictionaries(LETTERS, part) | st.lists(part)
    ),
)


@settings(max_examples=60, deadline=None)
@given(ALERTS)
def test_any_alert_fits_every_destination(item: Alert) -> None:
    posted = slack.message(item)
    assert problems(posted) == []
    assert problems(with_repeats(posted, FollowUp(of=item.id, repeats=1_000_000))) == []
    call = publication(item, https_format="amazon-q")
    assert publish_bytes(call["Message"], call["MessageAttributes"]) <= BUDGET_BYTES
    assert len(call["MessageAttributes"]) <= MAX_ATTRIBUTES
    assert len(subject(item)) < 100
    assert text(item).encode()
    assert from_document(json.loads(json.dumps(to_document(item)))) == item


def test_the_alerts_of_the_docs_fit() -> None:
    for name, item in alerts():
        assert problems(slack.message(item)) == [], name


def test_a_launch_of_a_thousand_instances_names_ten_and_counts_the_rest() -> None:
    item = thousand_instances()
    message = slack.message(item)
    assert problems(message) == []
    assert "1,005 resources" in shown(message)
    assert "i-00000000000000009\n" in shown(message)
    assert "and 995 more" in shown(message)
    assert "and 980 more" in text(item)
    call = publication(item)
    assert publish_bytes(call["Message"], call["MessageAttributes"]) <= BUDGET_BYTES


def test_the_message_says_what_an_alert_must() -> None:
    message = slack.message(RUN_INSTANCES)
    for fact in ("Medium", "EC2 instance launched", "kodekloud", "629470242021", "ASIAZFDZ2ZUTSYABGGX", "no MFA",
                 "70.175.135.47", "AWS console", "RunInstances", "us-east-2", "2023-10-08 17:50:24 UTC", "12 s later",
                 "ec2-instance-launched", RUN_INSTANCES.event.id, RUN_INSTANCES.event.request_id or "", "config 7",
                 *(resource.id for resource in RESOURCES), *(resource.type for resource in RESOURCES)):  # fmt: skip
        assert fact in shown(message), fact
    pages = (RUN_INSTANCES.event.url, RESOURCES[0].url, RUN_INSTANCES.rule.runbook)
    assert {("link", page) for page in pages} <= in_message(message)


def test_a_failed_call_and_a_test_are_told_as_such() -> None:
    failed = alert(test=True, event=event(error_code="AccessDenied", error_message="User is not authorized"))
    message = slack.message(failed)
    assert "Failed  \nAccessDenied · User is not authorized" in shown(message)
    assert "created" not in shown(message)
    assert "TEST" in message["blocks"][0]["text"]["text"]
    assert "TEST" in message["text"]
    assert subject(failed).startswith("MEDIUM TEST: ")
    assert "no such call was made" in text(failed)


def test_repeats_are_counted() -> None:
    told = text(alert(occurrences=5, within_seconds=600, repeats=12))
    assert "Seen       5 times within 10 min, 12 more times since the last alert" in told


@pytest.mark.parametrize(
    "spoil",
    [
        lambda message: message.update(text=""),
        lambda message: message.update(text="x" * 4001),
        lambda message: message.update(channel="#x"),
        lambda message: message.update(blocks=message["blocks"] * 25),
        lambda message: message["blocks"][0]["text"].update(text="x" * 151),
        lambda message: message["blocks"][0].update(type="heading"),
        lambda message: message["blocks"][1]["elements"].clear(),
        lambda message: message["blocks"][1]["elements"][0]["elements"][0].update(text=""),
        lambda message: message["blocks"][1]["elements"][0]["elements"][0].update(text="x" * 3001),
        lambda message: message["attachments"][0].pop("color"),
        lambda message: message["attachments"][0]["blocks"][-2]["elements"][0]["text"].update(text="x" * 76),
        lambda message: message["attachments"][0]["blocks"][-2]["elements"][0].update(url="javascript:1"),
        lambda message: message["attachments"][0]["blocks"][-2]["elements"][0].update(url="https://" + "x" * 3000),
        lambda message: message["attachments"][0]["blocks"][-2]["elements"][0].update(action_id="open-runbook"),
        lambda message: message["attachments"][0]["blocks"][-1]["elements"].extend(
            message["attachments"][0]["blocks"][-1]["elements"] * 10
        ),
        lambda message: message["attachments"][0]["blocks"].extend(message["attachments"][0]["blocks"] * 4),
    ],
)
def test_the_validator_finds_what_slack_refuses(spoil: Any) -> None:
    message = json.loads(json.dumps(slack.message(RUN_INSTANCES)))
    assert problems(message) == []
    spoil(message)
    assert problems(message) != []
