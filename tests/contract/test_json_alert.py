"""The JSON alert: its schema, the way there and back, and what is refused."""

import json
from typing import Any

import pytest

from scripts import generate_alert_schema
from scripts.alerts_page import alerts
from tests.alerts import RUN_INSTANCES, alert, event, thousand_instances
from tests.contract.json_schema import violations
from trailbell import examples
from trailbell.errors import RecordError
from trailbell.formats.document import event_document, from_document, to_document
from trailbell.formats.sns import publication
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.redact import redact

EVENTS = examples.FOLDER
SCHEMA = json.loads(generate_alert_schema.SCHEMA.read_text(encoding="utf-8"))


def through_json(document: Any) -> Any:
    return json.loads(json.dumps(document))


def changed(path: str, value: Any) -> Any:
    document = through_json(to_document(RUN_INSTANCES))
    *folders, last = path.split(".")
    part = document
    for folder in folders:
        part = part[folder]
    part[last] = value
    return document


def without(path: str) -> Any:
    document = changed(path, None)
    *folders, last = path.split(".")
    part = document
    for folder in folders:
        part = part[folder]
    del part[last]
    return document


def test_the_schema_is_that_of_the_dataclasses() -> None:
    assert generate_alert_schema.SCHEMA.read_text(encoding="utf-8") == generate_alert_schema.text(), (
        "run python -m scripts.generate_alert_schema"
    )


def test_every_alert_fits_the_schema_and_comes_back_as_it_was() -> None:
    made = [RUN_INSTANCES, thousand_instances(), *(item for _, item in alerts())]
    for item in made:
        document = through_json(to_document(item))
        assert list(violations(document, SCHEMA, SCHEMA)) == []
        assert from_document(document) == item
    assert len(made) == 12


def test_an_alert_that_was_too_big_says_what_is_missing() -> None:
    document = json.loads(json.loads(publication(thousand_instances())["Message"])["default"])
    assert list(violations(document, SCHEMA, SCHEMA)) == []
    assert (document["resource_count"], len(document["resources"]), document["omitted_resources"]) == (1005, 200, 805)
    assert document["truncated"] == ["resources", "response_elements"]
    assert from_document(document).resource_count == 1005


@pytest.mark.parametrize(
    ("path", "value"),
    [("severity", "urgent"), ("event.time", "2023-10-08T17:50:24"), ("resources", {}), ("version", "2.0"),
     ("principal.mfa", "false"), ("test", None)],
)  # fmt: skip
def test_the_schema_refuses_what_is_no_alert(path: str, value: Any) -> None:
    assert list(violations(changed(path, value), SCHEMA, SCHEMA)) != []


def test_unknown_fields_and_words_of_a_newer_detector_are_passed_over() -> None:
    assert from_document(changed("novelty", {"a": 1})) == RUN_INSTANCES
    assert from_document(changed("version", "1.7")) == RUN_INSTANCES
    assert from_document(changed("event.novelty", [1])) == RUN_INSTANCES
    assert from_document(changed("origin.kind", "satellite")).origin.kind == "unknown"
    assert from_document(changed("principal.credentials", "eternal")).principal.credentials is None


def test_missing_fields_read_as_empty() -> None:
    document = {
        "version": "1.0",
        "id": "e/r",
        "severity": "low",
        "rule": {"id": "r"},
        "event": {"name": "StopLogging", "time": "2026-11-02T09:00:00+02:00"},
        "alerted_at": "2026-11-02T07:00:01Z",
    }
    read = from_document(document)
    assert (read.test, read.resources, read.principal.kind, read.event.read_only) == (False, (), "unknown", None)
    assert read.delay_seconds == 1


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (None, "JSON object"),
        ([], "JSON object"),
        ({}, "version"),
        (changed("version", "2.0"), "version"),
        (changed("version", 1), "version"),
        (without("id"), "id is missing"),
        (without("event.time"), r"event\.time is missing"),
        (changed("severity", "urgent"), "severity must be one of info"),
        (changed("severity", ["low"]), "severity must be one of"),
        (changed("event", "RunInstances"), "event must be a JSON object"),
        (changed("event.time", "yesterday"), r"event\.time must be a time"),
        (changed("event.time", "0001-01-01T00:00:00+14:00"), r"event\.time must be a time"),
        (changed("resources", {}), "resources must be a list"),
        (changed("resources", [7]), r"resources\[0\] must be a JSON object"),
        (changed("principal.mfa", "false"), r"principal\.mfa must be of type bool"),
        (changed("repeats", True), "repeats must be of type int"),
        (changed("summary", 7), "summary must be of type str"),
    ],
)
def test_what_is_no_alert_is_refused_with_its_place(document: Any, complaint: str) -> None:
    with pytest.raises(RecordError, match=complaint):
        from_document(document)


def test_times_are_told_in_utc() -> None:
    assert to_document(alert(event=event()))["event"]["time"] == "2023-10-08T17:50:24Z"
    assert to_document(RUN_INSTANCES)["delay_seconds"] == 12.5


def test_an_event_without_alert_is_told_in_the_alerts_own_words() -> None:
    record = json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    read = read_record(redact(record), Names())
    told = through_json(event_document(read))
    assert set(told) - set(to_document(RUN_INSTANCES)) == {"record"}
    assert told["event"]["name"] == "RunInstances"
    assert told["resource_count"] == len(told["resources"]) == 7
    assert told["request_parameters"] == told["record"]["requestParameters"]
