"""A stream of calls: no two are the same, regions take turns, and what ends it is told."""

import time
from collections.abc import Mapping
from typing import Any

import pytest

from localaws.deployment import StepError
from localaws.scenario.stream import Stream

RECORD = {"eventName": "RunInstances", "userIdentity": {"arn": "arn:aws:iam::111122223333:user/alice"}}


class Bus:
    """A deployment whose buses keep what is put on them, until they refuse."""

    def __init__(self, *, refuses_after: int) -> None:
        self.put: list[tuple[str | None, Mapping[str, Any]]] = []
        self._refuses_after = refuses_after

    def put_record(self, record: Mapping[str, Any], *, region: str | None = None) -> None:
        if len(self.put) == self._refuses_after:
            raise StepError("EventBridge refused the record")
        self.put.append((region, record))


def stream(bus: Bus) -> Stream:
    return Stream(bus, RECORD, every_seconds=0.001, regions=(None, "us-east-1"))  # type: ignore[arg-type] # a fake


def wait_for(bus: Bus, count: int) -> None:
    end = time.monotonic() + 10
    while len(bus.put) < count and time.monotonic() < end:
        time.sleep(0.01)


def put_until_refused(bus: Bus) -> None:
    with stream(bus) as calls:
        calls.ended.wait(10)


def test_regions_take_turns_and_no_call_repeats_another() -> None:
    bus = Bus(refuses_after=10_000)
    with stream(bus) as calls:
        wait_for(bus, 4)
    assert [region for region, _ in bus.put[:4]] == [None, "us-east-1", None, "us-east-1"]
    ids = [record["eventID"] for _, record in bus.put]
    assert list(calls.sent) == ids
    assert len({record["userIdentity"]["arn"] for _, record in bus.put}) == len(set(ids)) == len(ids)


def test_a_call_that_is_refused_is_told_at_the_end() -> None:
    bus = Bus(refuses_after=2)
    with pytest.raises(StepError, match="refused"):
        put_until_refused(bus)
    assert len(bus.put) == 2
