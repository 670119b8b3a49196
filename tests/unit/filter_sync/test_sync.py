"""No event that a live rule can match is held back at any moment, however the filters are rewritten."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from trailbell.config.deployments import InForce
from trailbell.contract.names import RuleState, SlotSet
from trailbell.contract.places import Place
from trailbell.errors import ConfigError, FilterError
from trailbell.functions.filter_sync import handler as module
from trailbell.functions.filter_sync.event_bridge import Found
from trailbell.functions.filter_sync.handler import FilterSync
from trailbell.functions.filter_sync.layout import UNUSED, Layout, Slot, fingerprint, plan_layout
from trailbell.pattern import Pattern
from trailbell.rule import Rule

SLOTS = 3
HOME = Place(region="us-east-2")
OFF: Layout = (UNUSED,) * SLOTS


def agent(name: str) -> str:
    """Return a value so long that a filter has room for three rules."""
    return name.ljust(500, "x")


def rule(name: str) -> Rule:
    match = Pattern.parse({"eventSource": ["iam.amazonaws.com"], "eventName": [name], "userAgent": [agent(name)]})
    return Rule(id=name, title="A rule", severity="low", match=match)


@dataclass
class FakeRegion:
    """EventBridge's rules of one region: changed one at a time, and seen by `watch` after each change."""

    place: Place = HOME
    slots: dict[str, list[Slot]] = field(default_factory=dict)
    marks: dict[str, list[str]] = field(default_factory=dict)
    missing: bool = False
    refuses: bool = False
    writes: int = 0
    dies_after: int | None = None
    required: set[str] = field(default_factory=set)
    """Event names that must pass at any moment."""

    def read(self, kind: SlotSet) -> Found | None:
        if self.refuses:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "an SCP"}}, "DescribeRule")
        if self.missing:
            return None
        layout = tuple(self.slots[kind])
        return Found(layout=layout, whole=set(self.marks[kind]) == {fingerprint(layout)})

    def write(self, kind: SlotSet, layout: Layout) -> None:
        for number, slot in enumerate(layout):
            self._change()
            self.slots[kind][number], self.marks[kind][number] = slot, fingerprint(layout)
            self.look()

    def switch_off(self, kind: SlotSet) -> None:
        for number, slot in enumerate(self.slots[kind]):
            self._change()
            self.slots[kind][number] = Slot(pattern=slot.pattern, state=RuleState.DISABLED)
            self.look()

    def _change(self) -> None:
        self.writes += 1
        if self.dies_after is not None and self.writes > self.dies_after:
            raise KeyboardInterrupt

    def passing(self) -> set[str]:
        patterns = [
            json.loads(slot.pattern)
            for slot in itertools.chain(*self.slots.values())
            if slot.state != RuleState.DISABLED
        ]
        found = set()
        for name in "ABCDEFGH":
            event = {
                "source": "aws.iam",
                "detail-type": "AWS API Call via CloudTrail",
                "detail": {
                    "eventSource": "iam.amazonaws.com",
                    "eventName": f"Create{name}",
                    "userAgent": agent(f"Create{name}"),
                },
            }
            if any(Pattern.parse(pattern).matches(event) for pattern in patterns):
                found.add(f"Create{name}")
        return found

    def look(self) -> None:
        assert self.required <= self.passing()


class FakeConfigs:
    """Versions 1, 2, ... of the config."""

    def __init__(self, *versions: Sequence[Rule] | None, live: int | None = None, arriving: int | None = None) -> None:
        self.versions = versions
        self.now = InForce(live=live, arriving=arriving)

    def in_force(self) -> InForce:
        return self.now

    def rules(self, version: int) -> Sequence[Rule]:
        found = self.versions[version - 1]
        if found is None:
            raise ConfigError(f"version {version} of the config is broken")
        return found


def deployed(rules: Sequence[Rule]) -> FakeRegion:
    """Return a region as `cdk deploy` leaves it."""
    return FakeRegion(
        slots={"slot": list(plan_layout(rules, SLOTS)), "live": list(OFF)},
        marks={"slot": [""] * SLOTS, "live": [""] * SLOTS},
    )


def make(configs: FakeConfigs, *regions: FakeRegion) -> FilterSync:
    return FilterSync(configs=configs, places=regions, slots=SLOTS, heeded=lambda: None)


A, B, C = [rule("CreateA")], [rule("CreateB")], [rule("CreateC")]


def test_the_first_sync_fills_the_live_slots_and_switches_the_deployments_off() -> None:
    region = deployed(A)
    region.required = {"CreateA"}
    report = make(FakeConfigs(A, live=1), region).settle()
    assert tuple(region.slots["live"]) == plan_layout(A, SLOTS)
    assert {slot.state for slot in region.slots["slot"]} == {RuleState.DISABLED}
    assert (report.filters, report.changed, report.versions) == (1, ("us-east-2",), (1,))


def test_a_sync_that_finds_everything_in_line_changes_nothing() -> None:
    region = deployed(A)
    sync = make(FakeConfigs(A, live=1), region)
    sync.settle()
    written = region.writes
    assert sync.settle().changed == ()
    assert region.writes == written


def test_before_a_deployment_filters_are_widened_and_afterwards_narrowed() -> None:
    region = deployed(A)
    configs = FakeConfigs(A, B, live=1)
    sync = make(configs, region)
    sync.settle()
    region.required = {"CreateA"}
    sync.widen(2)
    region.required = {"CreateA", "CreateB"}
    region.look()
    configs.now = InForce(live=1, arriving=2)
    sync.settle()
    region.look()
    configs.now = InForce(live=2, arriving=None)
    region.required = {"CreateB"}
    sync.settle()
    assert region.passing() == {"CreateB"}


def test_a_push_before_the_first_sync_is_widened_too() -> None:
    region = deployed(A)
    region.required = {"CreateA"}
    make(FakeConfigs(A, B, live=1), region).widen(2)
    assert region.passing() == {"CreateA", "CreateB"}


def test_what_cdk_deploy_writes_afterwards_only_widens_until_the_next_sync() -> None:
    region = deployed(A)
    configs = FakeConfigs(B, live=1)
    sync = make(configs, region)
    sync.settle()
    region.required = {"CreateB"}
    region.slots["slot"], region.marks["slot"] = list(plan_layout(C, SLOTS)), [""] * SLOTS
    region.look()
    sync.settle()
    assert region.passing() == {"CreateB"}


def test_new_live_slots_hold_what_was_pushed_before_those_of_an_earlier_deployment_go() -> None:
    region = deployed(A)
    region.slots["earlier"] = list(plan_layout(B, SLOTS))
    region.required = {"CreateB"}
    make(FakeConfigs(B, live=1), region).settle()
    del region.slots["earlier"]
    assert region.passing() == {"CreateB"}


def test_a_slot_that_somebody_changed_by_hand_is_mended() -> None:
    region = deployed(A)
    sync = make(FakeConfigs(A, live=1), region)
    sync.settle()
    region.slots["live"][0] = Slot(pattern=region.slots["live"][0].pattern, state=RuleState.DISABLED)
    sync.settle()
    assert region.passing() == {"CreateA"}


def test_a_broken_version_in_force_leaves_the_filters_as_they_are() -> None:
    region = deployed(A)
    configs = FakeConfigs(A, None, live=1)
    sync = make(configs, region)
    sync.settle()
    region.required = {"CreateA"}
    configs.now = InForce(live=2, arriving=None)
    with pytest.raises(ConfigError, match="version 2"):
        sync.settle()
    assert region.passing() == {"CreateA"}


def test_a_good_version_can_be_pushed_over_a_broken_one() -> None:
    region = deployed(A)
    configs = FakeConfigs(A, None, B, live=1)
    sync = make(configs, region)
    sync.settle()
    configs.now = InForce(live=2, arriving=None)
    region.required = {"CreateA"}
    sync.widen(3)
    assert region.passing() == {"CreateA", "CreateB"}
    configs.now = InForce(live=3, arriving=None)
    region.required = set()
    sync.settle()
    assert region.passing() == {"CreateB"}


def test_a_deployment_that_begins_during_a_sync_is_heeded_by_the_same_sync() -> None:
    region = deployed(A)
    configs = FakeConfigs(A, B, live=1)

    def heeded() -> None:
        configs.now = InForce(live=1, arriving=2)

    FilterSync(configs=configs, places=[region], slots=SLOTS, heeded=heeded).settle()
    assert region.passing() == {"CreateA", "CreateB"}


def test_regions_without_slots_are_left_out_and_the_others_are_brought_in_line() -> None:
    home, elsewhere, absent = deployed(A), deployed(A), FakeRegion(place=Place(region="eu-west-1"), missing=True)
    elsewhere.place = Place(region="us-east-1")
    report = make(FakeConfigs(B, live=1), home, absent, elsewhere).settle()
    assert (report.changed, report.absent) == (("us-east-2", "us-east-1"), ("eu-west-1",))
    assert home.passing() == elsewhere.passing() == {"CreateB"}


def test_without_a_live_config_nothing_is_changed() -> None:
    region = deployed(A)
    assert make(FakeConfigs(), region).settle().changed == ()
    assert region.writes == 0


def test_a_region_that_refuses_holds_up_no_other_and_is_told() -> None:
    home, elsewhere, refusing = deployed(A), deployed(A), deployed(A)
    elsewhere.place, refusing.place, refusing.refuses = Place(region="us-east-1"), Place(region="eu-west-1"), True
    sync = make(FakeConfigs(A, B, live=1), refusing, home, elsewhere)
    for report in (sync.widen(2), sync.settle()):
        assert list(report.refused) == ["eu-west-1"]
        assert "AccessDenied" in report.refused["eu-west-1"]
        assert report.changed == ("us-east-2", "us-east-1")
        assert report.refusals.startswith("filters could not be changed in eu-west-1: ")
    assert home.passing() == elsewhere.passing() == {"CreateA"}


@pytest.mark.parametrize(("event", "raises"), [({}, True), ({"source": "aws.events"}, True), ({"widen": 2}, False)])
def test_the_alarm_on_errors_hears_of_a_refusal_and_who_widens_reads_it(
    monkeypatch: pytest.MonkeyPatch, event: dict[str, Any], *, raises: bool
) -> None:
    home, refusing = deployed(A), deployed(A)
    refusing.place, refusing.refuses = Place(region="eu-west-1"), True
    monkeypatch.setattr(module, "start", lambda _: make(FakeConfigs(A, B, live=1), refusing, home))
    context: Any = SimpleNamespace(
        function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="id"
    )
    if raises:
        with pytest.raises(FilterError, match="eu-west-1"):
            module.handler(event, context)
    else:
        assert list(module.handler(event, context)["refused"]) == ["eu-west-1"]
    assert home.writes > 0


@pytest.mark.parametrize("dies", [False, True])
@settings(deadline=None, max_examples=50)
@given(
    pushes=st.lists(st.sets(st.sampled_from("BCDEFGH"), max_size=7), min_size=1, max_size=5),
    writes=st.integers(0, 60),
)
def test_what_old_and_new_rules_share_passes_at_every_moment_even_when_a_sync_dies_midway(
    pushes: list[set[str]], writes: int, *, dies: bool
) -> None:
    """Every version matches CreateA, and spreads its rules over the slots otherwise than the one before."""
    dies_after = writes if dies else None
    versions = [A, *([rule("CreateA"), *(rule(f"Create{name}") for name in sorted(names))] for names in pushes)]
    region = deployed(A)
    region.required = {"CreateA"}
    region.dies_after = dies_after
    configs = FakeConfigs(*versions, live=1)
    sync = make(configs, region)
    for number in range(2, len(versions) + 1):
        try:
            sync.widen(number)
            configs.now = InForce(live=number - 1, arriving=number)
            sync.settle()
            configs.now = InForce(live=number, arriving=None)
            sync.settle()
        except KeyboardInterrupt:
            region.dies_after = None
            configs.now = InForce(live=number, arriving=None)
            sync.settle()
        region.look()
    assert region.passing() == {"CreateA", *(f"Create{name}" for name in pushes[-1])}


def test_these_rules_take_several_slots() -> None:
    layout = plan_layout([rule(f"Create{name}") for name in "ABCDEFG"], SLOTS)
    assert [slot.state for slot in layout] == ["ENABLED"] * 3


def test_rules_that_several_versions_share_take_room_once() -> None:
    assert plan_layout([*A, *A, *A], SLOTS) == plan_layout(A, SLOTS)


def test_a_read_only_filter_gets_the_state_that_lets_reads_through() -> None:
    reads = Rule(
        id="r", title="R", severity="low",
        match=Pattern.parse({"eventSource": ["iam.amazonaws.com"], "eventName": ["GetUser"]}),
    )  # fmt: skip
    assert plan_layout([reads], SLOTS)[0].state == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
