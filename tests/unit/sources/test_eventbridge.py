from typing import Any

import pytest

from trailbell.errors import RecordError
from trailbell.sources.eventbridge import receive

RECORD = {"eventID": "e-1", "eventName": "RunInstances"}


def event(**changes: Any) -> dict[str, Any]:
    return {"source": "aws.ec2", "detail-type": "AWS API Call via CloudTrail", "detail": RECORD} | changes


def test_an_event_of_awss_is_no_test() -> None:
    sourced = receive(event())
    assert (sourced.record, sourced.test) == (RECORD, False)


def test_an_event_of_the_test_source_is_a_test() -> None:
    assert receive(event(source="trailbell.test")).test is True


@pytest.mark.parametrize("told", [None, "", "soon", 7, ["2026-03-02T09:14:11Z"]])
def test_events_time_stands_for_one_that_cannot_be_read(told: object) -> None:
    sourced = receive(event(time="2026-03-02T09:14:12Z", detail={**RECORD, "eventTime": told}))
    assert sourced.record["eventTime"] == "2026-03-02T09:14:12Z"


@pytest.mark.parametrize(("told", "stays"), [("2026-03-02T09:14:11Z", "2026-03-02T09:14:12Z"), ("soon", "later")])
def test_the_records_own_time_stays_where_nothing_better_is_known(told: str, stays: str) -> None:
    detail = {**RECORD, "eventTime": told}
    assert receive(event(time=stays, detail=detail)).record == detail


def test_insights_events_have_no_name_of_their_own() -> None:
    insight = {"eventID": "e-1", "insightDetails": {"eventName": "RunInstances", "eventSource": "ec2.amazonaws.com"}}
    assert receive(event(detail=insight)).record == insight


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (None, "not a JSON object but a null"),
        ("text", "not a JSON object but a string"),
        ([event()], "not a JSON object but a list"),
        ({}, "source is ''"),
        (event(source="evil.ec2"), "source is 'evil.ec2'"),
        (event(source="aws"), "source is 'aws'"),
        (event(source=7), "source is ''"),
        ({"source": "aws.ec2"}, "no detail"),
        (event(detail="RunInstances"), "detail is a string"),
        (event(detail=None), "detail is a null"),
        (event(detail=[RECORD]), "detail is a list"),
        (event(detail={}), "no eventID and no eventName"),
        (event(detail={"eventID": "e-1"}), "no eventName"),
        (event(detail={"eventName": "RunInstances", "eventID": 7}), "no eventID"),
    ],
)
def test_what_cannot_be_read_says_why(broken: object, complaint: str) -> None:
    with pytest.raises(RecordError, match=complaint):
        receive(broken)
