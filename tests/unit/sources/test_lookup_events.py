"""LookupEvents: regions merged, the API's pace kept, its refusals waited for."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from tests.unit.cli.event_history import EventHistory, refusal
from trailbell.sources.lookup_events import MAX_THROTTLED, Lookup, Pace, lookup_records

START = datetime(2026, 11, 1, tzinfo=UTC)
LOOKUP = Lookup(since=START)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pace(self) -> Pace:
        return Pace(clock=self, sleep=self.sleep)


def records(region: str, minutes: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            "eventID": f"{region}-{minute}",
            "eventTime": (START + timedelta(minutes=minute)).isoformat(),
            "eventName": "CreateQueue",
        }
        for minute in minutes
    ]


def look_up(histories: dict[str, EventHistory], clock: Clock, lookup: Lookup = LOOKUP) -> list[str]:
    found = lookup_records(histories.__getitem__, list(histories), lookup, pace=clock.pace)
    return [record["eventID"] for record in found]


def test_regions_are_merged_newest_first_over_their_pages() -> None:
    histories = {
        "eu-west-1": EventHistory(records("eu-west-1", range(0, 300, 2))),
        "us-east-1": EventHistory(records("us-east-1", range(1, 130, 2))),
        "ap-south-1": EventHistory([]),
    }
    found = look_up(histories, Clock())
    minutes = [int(event_id.rpartition("-")[2]) for event_id in found]
    assert minutes == sorted([*range(0, 300, 2), *range(1, 130, 2)], reverse=True)
    assert {region: len(history.calls) for region, history in histories.items()} == {
        "eu-west-1": 3,
        "us-east-1": 2,
        "ap-south-1": 1,
    }


def test_a_region_is_called_twice_a_second_at_most() -> None:
    clock = Clock()
    look_up({"us-east-1": EventHistory(records("us-east-1", range(500)))}, clock)
    assert clock.now - 1000 == pytest.approx(9 * 0.5)


def test_time_that_reading_took_is_not_waited_again() -> None:
    clock = Clock()
    pace = clock.pace()
    pace.wait()
    clock.now += 3
    pace.wait()
    assert clock.slept == []


def test_a_call_that_was_one_too_many_is_made_again_later() -> None:
    clock = Clock()
    history = EventHistory(records("us-east-1", [1]), refusals=[refusal("ThrottlingException")] * 3)
    assert look_up({"us-east-1": history}, clock) == ["us-east-1-1"]
    assert clock.slept == [1, 2, 4]


@pytest.mark.parametrize(("code", "calls"), [("ThrottlingException", MAX_THROTTLED), ("AccessDeniedException", 1)])
def test_what_is_refused_for_good_is_raised(code: str, calls: int) -> None:
    history = EventHistory([], refusals=[refusal(code)] * 100)
    with pytest.raises(ClientError, match=code):
        look_up({"us-east-1": history}, Clock())
    assert len(history.calls) == calls


def test_only_the_pages_that_are_read_and_one_ahead_are_asked_for() -> None:
    history = EventHistory(records("us-east-1", range(1000)))
    found = lookup_records({"us-east-1": history}.__getitem__, ["us-east-1"], LOOKUP, pace=Clock().pace)
    next(found)
    found.close()  # type: ignore[attr-defined]  # it is a generator
    assert len(history.calls) <= 2


def test_the_api_is_called_as_its_model_says() -> None:
    """botocore checks the arguments' names and types."""
    client = boto3.client("cloudtrail", "us-east-1", aws_access_key_id="1", aws_secret_access_key="2")
    end = START + timedelta(days=1)
    attributes = [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
    first = {"StartTime": START, "EndTime": end, "MaxResults": 50, "LookupAttributes": attributes}
    event = {"EventTime": START, "CloudTrailEvent": '{"eventID": "1"}'}
    with Stubber(client) as stubber:
        stubber.add_response("lookup_events", {"Events": [event], "NextToken": "next"}, first)
        stubber.add_response("lookup_events", {"Events": []}, first | {"NextToken": "next"})
        lookup = Lookup(since=START, until=end, attribute=("ReadOnly", "false"))
        assert list(lookup_records(lambda _: client, ["us-east-1"], lookup, pace=Clock().pace)) == [{"eventID": "1"}]
        stubber.assert_no_pending_responses()
