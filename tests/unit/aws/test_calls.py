"""Resources and sentences of the calls in the table."""

from typing import Any

import pytest

from tests.unit.aws.calls import ROWS, Row
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.record import Record
from trailbell.redact import redact
from trailbell.words.sentence import describe


def record_of(row: Row, **more: Any) -> Record:
    source, _, name = row.event.partition(".")
    raw = {
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "eventTime": "2026-03-02T09:14:11Z",
        "awsRegion": "eu-central-1",
        "eventID": "e-1",
        "recipientAccountId": "111122223333",
        "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333"},
        "requestParameters": row.request,
        "responseElements": row.response,
        **more,
    }
    return read_record(redact(raw), Names())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.event)
def test_the_resources_of_a_call(row: Row) -> None:
    main, _, used = row.resources.partition("|")
    found = record_of(row).resources
    assert {f"{r.type}:{r.id}" for r in found if r.role != "used"} == set(main.split())
    assert {f"{r.type}:{r.id}" for r in found if r.role == "used"} == set(used.split())


@pytest.mark.parametrize("row", [row for row in ROWS if row.sentence], ids=lambda row: row.event)
def test_the_sentence_of_a_call(row: Row) -> None:
    assert describe(record_of(row), Names()) == f"alice {row.sentence}"


def test_the_table_is_as_long_as_promised() -> None:
    assert len({row.event for row in ROWS}) >= 150
    assert len({row.event for row in ROWS if row.sentence}) >= 80


def test_other_events_are_told_in_general_words() -> None:
    row = Row("events.PutRule", {"name": "nightly"}, None, "")
    assert describe(record_of(row), Names()) == "alice called PutRule on nightly"
    assert describe(record_of(Row("support.CreateCase", {}, None, "")), Names()) == "alice called CreateCase (Support)"


def test_a_failed_call_says_what_was_tried_and_why_it_failed() -> None:
    row = Row("cloudtrail.StopLogging", {"name": "main"}, None, "")
    denied = record_of(row, errorCode="AccessDenied", errorMessage="not authorized")
    assert describe(denied, Names()) == "alice failed (AccessDenied): tried to stop logging of trail main"


def test_ones_own_accounts_are_told_by_name() -> None:
    row = next(row for row in ROWS if row.event == "iam.CreateRole")
    names = Names(accounts={"999988887777": "sandbox"})
    assert describe(record_of(row), names) == "alice created role x, which trusts account 999988887777 (sandbox)"


def test_a_sentence_stays_short_whatever_the_record_holds() -> None:
    row = Row("iam.AddUserToGroup", {"userName": "u" * 10_000, "groupName": "g" * 10_000}, None, "")
    assert len(describe(record_of(row), Names())) <= 300


def test_a_thousand_instances_are_counted() -> None:
    ids = [{"instanceId": f"i-{n:017x}"} for n in range(1000)]
    record = record_of(Row("ec2.RunInstances", {"instanceType": "t3.micro"}, {"instancesSet": {"items": ids}}, ""))
    assert len(record.resources) == 1000
    assert describe(record, Names()).startswith("alice launched 1000 × t3.micro (i-00000000000000000, ")
