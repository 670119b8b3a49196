"""CloudFormation never writes a live slot, whatever changes: it would empty it.

A changed live slot is a new one of another name, and by the time the old ones go, filter sync has filled the new ones.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack, aws_sqs
from aws_cdk.assertions import Template as Synthesised

from trailbell.infra.parts import filters
from trailbell.infra.parts.filters import Filters
from trailbell.infra.settings import FilterSettings

Resources = Mapping[str, Mapping[str, Any]]
FILTER = FilterSettings(pattern={"source": ["aws.iam"]}, read_only=False)
WRITTEN: Any = filters._text
RELEASES: dict[str, dict[str, Any]] = {
    "one slot more": {"slots": 3},
    "one slot fewer": {"slots": 1},
    "another target": {"target_arn": "arn:aws:lambda:us-east-2:111122223333:function:other"},
    "another role": {"role_arn": "arn:aws:iam::111122223333:role/other"},
    "another dead-letter queue": {"queue": "Other"},
    "another retry policy": {"RETRY_ATTEMPTS": 3},
    "another description": {"_text": lambda *of: {**WRITTEN(*of), "description": f"of {len(of)}"}},
    "another pattern of unused slots": {"UNUSED_PATTERN": {"source": ["nothing"]}},
}


def rules(*, queue: str = "Queue", **changes: Any) -> Resources:
    """Synthesise the filters alone, in a stack of their own."""
    stack = Stack(App(), "S")
    options: dict[str, Any] = {
        "name_prefix": "Trailbell", "filters": [FILTER], "slots": 2,
        "target_arn": "arn:aws:lambda:us-east-2:111122223333:function:detector",
    } | changes  # fmt: skip
    Filters(stack, "Filters", dead_letter_queue=aws_sqs.Queue(stack, queue), **options)
    found: Resources = Synthesised.from_stack(stack).find_resources("AWS::Events::Rule")
    return found


def live(resources: Resources) -> dict[str, Any]:
    return {id_: rule for id_, rule in resources.items() if "Live" in id_}


@pytest.mark.parametrize("release", RELEASES)
def test_whatever_a_release_changes_no_live_slot_is_written(release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, changes = rules(), dict(RELEASES[release])
    for constant in [name for name in changes if hasattr(filters, name)]:
        monkeypatch.setattr(filters, constant, changes.pop(constant))
    after = rules(**changes)
    assert not live(before).keys() & live(after).keys()
    names = {rule["Properties"]["Name"] for rule in live(before).values()}
    assert not names & {rule["Properties"]["Name"] for rule in live(after).values()}
    # The deployed slots are written, and so switched on, before there are new live ones.
    for id_ in (before.keys() & after.keys()) - live(before).keys():
        assert before[id_]["Properties"] != after[id_]["Properties"]
    for rule in live(after).values():
        (covering,) = [id_ for id_ in rule["DependsOn"] if "Slot" in id_]
        assert covering in after


def test_another_config_leaves_the_live_slots_as_they_are() -> None:
    other = FilterSettings(pattern={"source": ["aws.ec2"]}, read_only=True)
    assert live(rules()) == live(rules(filters=[other, FILTER])) == live(rules(filters=[]))


def test_filter_sync_knows_each_regions_live_slots(hub: Any, forwarder: Any, assembly: Path) -> None:
    del assembly
    (sync,) = [
        part["Properties"]["Environment"]["Variables"]
        for part in hub["Resources"].values()
        if part["Type"] == "AWS::Lambda::Function"
        and part["Properties"]["Handler"] == "trailbell.functions.filter_sync.handler.handler"
    ]
    regions = dict(
        zip(sync["TRAILBELL_REGIONS"].split(","), sync["TRAILBELL_LIVE_GENERATIONS"].split(","), strict=True)
    )
    for region, template in (("us-east-2", hub), ("us-east-1", forwarder)):
        names = {
            rule["Properties"]["Name"] for rule in live(template["Resources"]).values() if "Name" in rule["Properties"]
        }
        assert names == {f"Trailbell-live-{regions[region]}-{number}" for number in range(1, 6)}


def test_filter_sync_is_renewed_before_slots_are_written_and_fills_the_new_ones_before_old_ones_go(hub: Any) -> None:
    parts = hub["Resources"]
    (sync,) = [
        id_
        for id_, part in parts.items()
        if part.get("Properties", {}).get("Handler") == "trailbell.functions.filter_sync.handler.handler"
    ]
    slots = {id_ for id_, part in parts.items() if "-slot-" in json.dumps(part.get("Properties", {}).get("Name", ""))}
    assert len(slots) == 5
    for id_ in slots:
        assert sync in parts[id_]["DependsOn"]
    (seeded,) = [part for part in parts.values() if part["Type"] == "Custom::TrailbellConfigSeed"]
    permissions = {id_ for id_, part in parts.items() if part["Type"] == "AWS::Lambda::ResourcePolicy"}
    assert len(permissions) == 1
    for id_ in {*slots, *live(parts)}:
        assert permissions <= set(parts[id_]["DependsOn"])
    assert {*slots, *live(parts), *permissions, sync} <= set(seeded["DependsOn"])
    # CloudFormation calls the seed whenever there are new ones.
    (generation,) = {
        rule["Properties"]["Name"].split("-")[2] for rule in live(parts).values() if "Name" in rule["Properties"]
    }
    assert seeded["Properties"]["LiveSlots"][0] == generation
