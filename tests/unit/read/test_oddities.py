"""Records that real logs hold and that look like no other."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.unit.alerts import EVENTS
from trailbell.config.model import Config
from trailbell.formats.slack import message
from trailbell.formats.text import text
from trailbell.names import Names
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.read.reader import read_record
from trailbell.redact import redact
from trailbell.rule import Rule
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore
from trailbell.words.sentence import describe

INSIGHT: dict[str, Any] = {
    "eventVersion": "1.09",
    "eventTime": "2026-03-02T09:14:00Z",
    "awsRegion": "eu-central-1",
    "eventID": "11111111-2222-3333-4444-555555555555",
    "eventType": "AwsCloudTrailInsight",
    "recipientAccountId": "111122223333",
    "sharedEventID": "22222222-2222-3333-4444-555555555555",
    "insightDetails": {
        "state": "Start",
        "eventSource": "autoscaling.amazonaws.com",
        "eventName": "CompleteLifecycleAction",
        "insightType": "ApiCallRateInsight",
        "insightContext": {"statistics": {"baseline": {"average": 0.0017}, "insight": {"average": 0.6}}},
    },
    "eventCategory": "Insight",
}


def launch() -> dict[str, Any]:
    record: dict[str, Any] = json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    return record


def test_an_insights_event_is_told_by_what_it_is_about() -> None:
    rule = Rule(
        id="insight", title="Unusual activity", severity="low", match=Pattern.parse({"eventCategory": ["Insight"]})
    )
    pipeline = Pipeline.from_config(
        Config(version="v", rules=(rule,)), store=MemoryStore(), clock=lambda: datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    )
    (alert,) = pipeline.run(SourcedRecord.of(INSIGHT))
    assert (alert.event.name, alert.event.service) == ("CompleteLifecycleAction", "Auto Scaling")
    assert alert.event.shared_event_id == "22222222-2222-3333-4444-555555555555"
    assert "CompleteLifecycleAction" in text(alert)
    assert message(alert)["text"]


def test_booleans_written_as_strings_are_booleans() -> None:
    record = launch() | {"readOnly": "false"}
    read = read_record(record, Names())
    assert (read.event.read_only, read.principal.mfa, read.principal.console) == (False, False, True)


def test_an_addendum_changes_nothing_else() -> None:
    addendum = {
        "reason": "UPDATED_DATA",
        "updatedFields": "eventName",
        "originalRequestID": "r",
        "originalEventID": "e",
    }
    assert read_record(launch() | {"addendum": addendum}, Names()).resources == read_record(launch(), Names()).resources


def test_a_message_without_a_code_is_a_failure() -> None:
    read = read_record({"eventName": "ConsoleLogin", "errorMessage": "Failed authentication"}, Names())
    assert read.event.failed
    assert "failed (Failed authentication)" in describe(read, Names())


def test_clients_prefix_of_error_codes_is_left_out() -> None:
    assert (
        read_record({"errorCode": "Client.UnauthorizedOperation"}, Names()).event.error_code == "UnauthorizedOperation"
    )


def test_resources_with_arn_in_every_spelling_are_read() -> None:
    resources = [
        {"accountId": "111122223333", "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::logs"},
        {"arn": "arn:aws:iam::111122223333:role/x"},
        {"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::data/"},
        {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::data/a/b.csv"},
        {"type": "AWS::KMS::Key"},
        "arn:aws:s3:::text",
    ]
    read = read_record({"eventName": "GetObject", "resources": resources}, Names())
    assert {(each.type, each.id) for each in read.resources} == {
        ("AWS::S3::Bucket", "logs"), ("AWS::IAM::Role", "x"), ("AWS::S3::Bucket", "data"),
        ("AWS::S3::Object", "data/a/b.csv"),
    }  # fmt: skip


def test_keys_with_dots_are_keys() -> None:
    record = {"eventName": "PutThing", "requestParameters": {"s3.bucketName": "x", "a.b": {"password.old": "hunter2"}}}
    assert "hunter2" not in json.dumps(redact(record))
    assert read_record(record, Names()).resources == ()


def test_a_record_of_66_kilobytes_is_read() -> None:
    tags = [{"key": f"k{n}", "value": "v" * 50} for n in range(900)]
    record = launch() | {"additionalEventData": {"tags": tags}}
    assert len(json.dumps(record)) > 66_000
    assert len(read_record(redact(record), Names()).resources) == 7


def test_a_region_of_another_partition_links_into_its_console() -> None:
    for region, host in (
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ):
        read = read_record(launch() | {"awsRegion": region}, Names())
        assert {read.event.url, *(each.url for each in read.resources)} >= {read.event.url}
        assert all(url and url.startswith(f"https://{host}/") for url in (read.event.url, read.resources[0].url))
