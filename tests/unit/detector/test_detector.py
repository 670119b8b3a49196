import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.unit.claims import MemoryClaims
from tests.unit.meter import RecordingMeter
from trailbell import examples
from trailbell.alert import Alert
from trailbell.config.model import Config, Suppression
from trailbell.contract.outcomes import METRICS
from trailbell.errors import DeliveryError, InProgressError, RecordError, StateError
from trailbell.functions.detector.books import Books
from trailbell.functions.detector.detector import Detector
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Dedupe, FirstSeen, Rule, Threshold
from trailbell.sources import eventbridge
from trailbell.windows.memory import MemoryStore
from trailbell.windows.store import Store

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

EVENTS = examples.FOLDER
NOW = datetime(2023, 10, 8, 17, 50, 34, tzinfo=UTC)
CONTEXT = cast("LambdaContext", None)
"""The claims of these tests do not look at it."""
LAUNCHES = Pattern.parse({"eventName": ["RunInstances"]})


def rule(id_: str, event_name: str = "RunInstances", **fields: Any) -> Rule:
    match = Pattern.parse({"eventName": [event_name]})
    return Rule(id=id_, title=id_, severity="medium", match=match, **fields)


def launch(event_id: str | None = None, source: str = "aws.ec2") -> dict[str, Any]:
    record = json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    record |= {"eventID": event_id} if event_id else {}
    return {"source": source, "detail-type": "AWS API Call via CloudTrail", "detail": record}


@pytest.fixture
def meter() -> RecordingMeter:
    return RecordingMeter()


@pytest.fixture
def make_detector(meter: RecordingMeter) -> Callable[..., Detector]:
    def make(publish: Callable[[Alert], None], *rules: Rule, store: Store | None = None, **config: Any) -> Detector:
        pipeline = Pipeline.from_config(
            Config(version="test", rules=rules, **config), store=store or MemoryStore(), clock=lambda: NOW
        )
        return Detector(
            receive=eventbridge.receive,
            live=lambda _: pipeline,
            once=MemoryClaims().once,
            remember=lambda _: None,
            publish=publish,
            beat=lambda _: None,
            meter=meter,
        )

    return make


def test_every_rule_that_matches_publishes_one_alert(
    make_detector: Callable[..., Detector], meter: RecordingMeter
) -> None:
    published: list[Alert] = []
    make_detector(published.append, rule("a"), rule("b"), rule("c", "StopInstances")).handle(launch(), CONTEXT)
    assert [alert.rule.id for alert in published] == ["a", "b"]
    assert meter.counted == {"Received": 1, "Matched": 1, "Findings": 2, "Alerted": 2}
    assert meter.alerts == published


def test_a_record_that_no_rule_matches_publishes_nothing_and_claims_nothing(
    make_detector: Callable[..., Detector], meter: RecordingMeter
) -> None:
    published: list[Alert] = []
    make_detector(published.append, rule("c", "StopInstances")).handle(launch(), CONTEXT)
    assert published == []
    assert meter.counted == {"Received": 1, "Unmatched": 1}


def test_an_alert_that_cannot_be_published_does_not_stop_the_next_and_fails_the_event(
    make_detector: Callable[..., Detector], meter: RecordingMeter
) -> None:
    published: list[Alert] = []

    def publish(alert: Alert) -> None:
        if alert.rule.id == "a":
            raise DeliveryError("topic out of order")
        published.append(alert)

    event_id = launch()["detail"]["eventID"]
    with pytest.raises(DeliveryError, match=f"1 of 2 findings could not be settled: {event_id}/a"):
        make_detector(publish, rule("a"), rule("b")).handle(launch(), CONTEXT)
    assert [alert.rule.id for alert in published] == ["b"]
    books = meter.counted
    assert (books["Findings"], books["Alerted"], books["Failed"]) == (2, 1, 1)
    assert "Unbalanced" not in books


def test_what_another_delivery_is_settling_comes_again_but_does_not_count_against_the_config(
    make_detector: Callable[..., Detector], meter: RecordingMeter
) -> None:
    def publish(_: Alert) -> None:
        raise InProgressError("finding 1/a is being worked on by another attempt")

    with pytest.raises(DeliveryError, match="1 of 1"):
        make_detector(publish, rule("a")).handle(launch(), CONTEXT)
    books = meter.counted
    assert (books["Findings"], books["InProgress"]) == (1, 1)
    assert not {"Failed", "Unbalanced"} & set(books)


@pytest.mark.parametrize("error", [DeliveryError("topic"), KeyError("a defect in rendering")])
def test_after_a_failed_delivery_the_retry_alerts_once_for_each_rule_whatever_its_window(
    make_detector: Callable[..., Detector], meter: RecordingMeter, error: Exception
) -> None:
    published: list[str] = []
    failing = True

    def publish(alert: Alert) -> None:
        if failing and alert.rule.id != "plain":
            raise error
        published.append(alert.rule.id)

    by = ("principal",)
    rules = (
        rule("plain"),
        rule("deduped", dedupe=Dedupe(by=by, window_seconds=900)),
        rule("new", first_seen=FirstSeen(by=by, window_seconds=900)),
        rule("many", threshold=Threshold(count=2, by=by, window_seconds=900)),
    )
    detector = make_detector(publish, *rules)
    with pytest.raises(DeliveryError, match="2 of 4"):
        detector.handle(launch("first"), CONTEXT)
    with pytest.raises(DeliveryError, match="1 of 4"):
        detector.handle(launch("second"), CONTEXT)
    assert published == ["plain", "plain"]
    failing = False
    for event_id in ("first", "second", "first", "second"):
        meter.counted.clear()
        detector.handle(launch(event_id), CONTEXT)
    assert sorted(published) == ["deduped", "many", "new", "plain", "plain"]
    assert meter.counted == {"Received": 1, "Matched": 1, "Findings": 4, "Repeated": 4}


def test_a_repeated_delivery_neither_alerts_nor_counts_again(
    make_detector: Callable[..., Detector], meter: RecordingMeter
) -> None:
    published: list[Alert] = []
    detector = make_detector(published.append, rule("a", dedupe=Dedupe(by=("principal",), window_seconds=900)))
    for event_id in ("1", "1", "1"):
        detector.handle(launch(event_id), CONTEXT)
    assert len(published) == 1
    assert meter.counted["Repeated"] == 2
    assert "Deduplicated" not in meter.counted


def test_the_books_tell_what_became_of_each_finding(
    make_detector: Callable[..., Detector], meter: RecordingMeter
) -> None:
    published: list[Alert] = []
    by = ("principal",)
    detector = make_detector(
        published.append,
        rule("deduped", dedupe=Dedupe(by=by, window_seconds=900)),
        rule("many", threshold=Threshold(count=5, by=by, window_seconds=900)),
        rule("new", first_seen=FirstSeen(by=by, window_seconds=900)),
        rule("quiet"),
        suppressions=(Suppression(id="known", match=LAUNCHES, reason="load test", rules=("quiet",)),),
    )
    detector.handle(launch("1"), CONTEXT)
    meter.counted.clear()
    detector.handle(launch("2"), CONTEXT)
    assert meter.counted == {
        "Received": 1,
        "Matched": 1,
        "Findings": 4,
        "Deduplicated": 1,
        "BelowThreshold": 1,
        "SeenBefore": 1,
        "Suppressed": 1,
    }
    assert [alert.rule.id for alert in published] == ["deduped", "new"]


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({}, []),
        ({"expires": date(2023, 10, 8)}, []),
        ({"expires": date(2023, 10, 7)}, ["a", "b"]),
        ({"rules": ("b",)}, ["a"]),
        ({"match": Pattern.parse({"eventName": ["StopInstances"]})}, ["a", "b"]),
    ],
)
def test_a_suppression_holds_for_its_records_rules_and_days(
    make_detector: Callable[..., Detector], changes: dict[str, Any], sent: list[str]
) -> None:
    published: list[Alert] = []
    suppression = replace(Suppression(id="known", match=LAUNCHES, reason="load test"), **changes)
    make_detector(published.append, rule("a"), rule("b"), suppressions=(suppression,)).handle(launch(), CONTEXT)
    assert [alert.rule.id for alert in published] == sent


def test_what_is_suppressed_opens_no_window(make_detector: Callable[..., Detector]) -> None:
    published: list[Alert] = []
    store = MemoryStore()
    deduped = rule("a", dedupe=Dedupe(by=("rule",), window_seconds=900))
    quiet = (Suppression(id="known", match=LAUNCHES, reason="load test"),)
    make_detector(published.append, deduped, store=store, suppressions=quiet).handle(launch("1"), CONTEXT)
    make_detector(published.append, deduped, store=store).handle(launch("2"), CONTEXT)
    assert [alert.event.id for alert in published] == ["2"]


def test_an_alert_tells_what_its_window_counted(make_detector: Callable[..., Detector]) -> None:
    published: list[Alert] = []
    detector = make_detector(published.append, rule("a", threshold=Threshold(count=2, by=("rule",), window_seconds=60)))
    for event_id in ("1", "2", "3"):
        detector.handle(launch(event_id), CONTEXT)
    (alert,) = published
    assert (alert.occurrences, alert.within_seconds, alert.repeats, alert.examples) == (2, 60, 0, ("1", "2"))


def test_a_store_that_does_not_answer_fails_the_event(
    make_detector: Callable[..., Detector], meter: RecordingMeter
) -> None:
    class Broken(MemoryStore):
        def open(self, *_: object, **__: object) -> None:
            raise StateError("no answer")

    deduped = rule("a", dedupe=Dedupe(by=("rule",), window_seconds=900))
    with pytest.raises(DeliveryError, match="1 of 1"):
        make_detector(lambda _: None, deduped, store=Broken()).handle(launch(), CONTEXT)
    assert meter.counted == {"Received": 1, "Matched": 1, "Findings": 1, "Failed": 1}


@pytest.mark.parametrize("event", [None, [], "x", 1, {}, {"source": "aws.ec2", "detail": "x"}, {"detail": {}}])
def test_an_event_that_cannot_be_read_fails(
    make_detector: Callable[..., Detector], meter: RecordingMeter, event: object
) -> None:
    with pytest.raises(RecordError):
        make_detector(lambda _: None, rule("a")).handle(event, CONTEXT)
    assert meter.counted == {"Received": 1, "Unreadable": 1}


def test_a_finding_that_nobody_accounts_for_is_told() -> None:
    books = Books()
    for name, value in (("Received", 1), ("Matched", 1), ("Findings", len(METRICS) + 1)):
        books.count(name, value)
    for outcome in METRICS:
        books.settle(outcome)
    assert not books.balanced
    books.settle("alerted")
    assert books.close()
    assert "Unbalanced" not in books.entries
    books.count("Received")
    assert not books.close()
    assert books.entries["Unbalanced"] == 1


def test_a_defect_that_stops_the_detector_in_the_middle_shows_in_the_books(
    make_detector: Callable[..., Detector], meter: RecordingMeter
) -> None:
    def publish(_: Alert) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_detector(publish, rule("a")).handle(launch(), CONTEXT)
    assert meter.counted["Unbalanced"] == 1
