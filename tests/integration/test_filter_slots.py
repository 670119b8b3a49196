"""The slots as EventBridge keeps them."""

import json
from typing import Any

import boto3
import pytest

from trailbell.contract.places import Place
from trailbell.functions.filter_sync.event_bridge import Slots
from trailbell.functions.filter_sync.layout import UNUSED, plan_layout
from trailbell.pattern import Pattern
from trailbell.rule import Rule

COUNT = 2
HOME = Place(region="us-east-1")
OFF = (UNUSED,) * COUNT
RULE = Rule(id="a", title="A", severity="low", match=Pattern.parse({"eventName": ["CreateAccessKey"]}))
TARGET: Any = {"Id": "Target", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:detector"}


@pytest.fixture
def events(aws: None) -> Any:
    """Return EventBridge with the live slots as `cdk deploy` leaves them."""
    del aws
    client = boto3.client("events", region_name="us-east-1")
    for number in range(1, COUNT + 1):
        client.put_rule(
            Name=f"Trailbell-live-gen2-{number}",
            EventPattern=json.dumps({"source": ["trailbell.unused"]}),
            State="DISABLED",
            Description=f"Trailbell, live filter {number} of {COUNT}",
        )
        client.put_targets(Rule=f"Trailbell-live-gen2-{number}", Targets=[TARGET])
    return client


def test_slots_are_read_as_deployed_written_and_read_back(events: Any) -> None:
    slots = Slots(events, place=HOME, prefix="Trailbell", generation="gen2", count=COUNT)
    found = slots.read("live")
    assert found is not None
    assert (found.layout, found.whole, found.off) == (OFF, False, True)

    layout = plan_layout([RULE], COUNT)
    slots.write("live", layout)
    found = slots.read("live")
    assert found is not None
    assert (found.layout, found.whole, found.off) == (layout, True, False)
    assert events.list_targets_by_rule(Rule="Trailbell-live-gen2-1")["Targets"] == [TARGET]

    slots.switch_off("live")
    found = slots.read("live")
    assert found is not None
    assert (found.whole, found.off) == (False, True)


def test_a_slot_that_somebody_changed_makes_its_set_no_longer_whole(events: Any) -> None:
    slots = Slots(events, place=HOME, prefix="Trailbell", generation="gen2", count=COUNT)
    slots.write("live", plan_layout([RULE], COUNT))
    events.disable_rule(Name="Trailbell-live-gen2-1")
    found = slots.read("live")
    assert found is not None
    assert not found.whole


def test_a_region_without_slots_is_told_from_one_with_empty_slots(events: Any) -> None:
    assert Slots(events, place=HOME, prefix="Trailbell", generation="gen2", count=COUNT).read("slot") is None


def test_live_slots_of_an_earlier_deployment_are_not_taken_for_this_ones(events: Any) -> None:
    slots = Slots(events, place=HOME, prefix="Trailbell", generation="gen3", count=COUNT)
    assert slots.read("live") is None
