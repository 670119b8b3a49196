from dataclasses import replace

import pytest

from tests.unit.findings import DAY, MINUTE, Bench, make_rule
from trailbell.errors import StateError
from trailbell.finding import Verdict
from trailbell.rule import Dedupe, FirstSeen, Threshold
from trailbell.windows.judge import find_burst
from trailbell.windows.memory import MemoryStore
from trailbell.windows.store import Sighting

DEDUPE = Dedupe(by=("principal",), window_seconds=15 * MINUTE)
THRESHOLD = Threshold(count=3, by=("source_ip",), window_seconds=10 * MINUTE)
FIRST_SEEN = FirstSeen(by=("principal", "region"), window_seconds=30 * DAY)


def bench(**fields: object) -> Bench:
    return Bench(MemoryStore(), make_rule(**fields))


def test_a_rule_without_windows_always_alerts() -> None:
    assert bench().outcomes(0, 0, 1) == ["alerted"] * 3


# dedupe


def test_the_first_finding_alerts_at_once_and_repeats_are_held_back() -> None:
    assert bench(dedupe=DEDUPE).outcomes(0, 1, 14 * MINUTE) == ["alerted", "deduplicated", "deduplicated"]


def test_400_findings_in_a_window_make_one_alert_and_the_next_window_tells_399() -> None:
    tried = bench(dedupe=DEDUPE)
    outcomes = tried.outcomes(*(second * 2 for second in range(400)))
    assert outcomes == ["alerted"] + ["deduplicated"] * 399
    assert tried.at(20 * MINUTE) == Verdict(outcome="alerted", repeats=399)


def test_repeats_do_not_lengthen_a_window() -> None:
    tried = bench(dedupe=DEDUPE)
    assert tried.outcomes(0, 14 * MINUTE, 15 * MINUTE - 0.001) == ["alerted", "deduplicated", "deduplicated"]
    assert tried.at(15 * MINUTE) == Verdict(outcome="alerted", repeats=2)


def test_an_alert_tells_the_repeats_of_the_last_window_only() -> None:
    tried = bench(dedupe=DEDUPE)
    tried.outcomes(0, 1, 2)
    assert tried.at(20 * MINUTE).repeats == 2
    assert tried.at(40 * MINUTE).repeats == 0


def test_dedupe_goes_by_the_clock_so_late_events_are_held_back_too() -> None:
    tried = bench(dedupe=DEDUPE)
    assert tried.at(0).outcome == "alerted"
    assert tried.judge(tried.finding(-3600), now_seconds=60).outcome == "deduplicated"


def test_a_finding_that_is_tried_again_is_not_its_own_repeat() -> None:
    tried = bench(dedupe=DEDUPE)
    tried.outcomes(0, 1)
    finding = tried.finding(20 * MINUTE)
    first = tried.judge(finding)
    assert tried.at(21 * MINUTE).outcome == "deduplicated"
    assert tried.judge(finding, now_seconds=22 * MINUTE) == first == Verdict(outcome="alerted", repeats=1)
    assert tried.at(40 * MINUTE).repeats == 1


def test_other_keys_and_other_rules_have_windows_of_their_own() -> None:
    store = MemoryStore()
    by_address = Dedupe(by=("source_ip",), window_seconds=60)
    one, other = (Bench(store, make_rule(id=id_, dedupe=by_address)) for id_ in ("one", "other"))
    assert one.at(0, address="192.0.2.1").outcome == "alerted"
    assert one.at(1, address="192.0.2.2").outcome == "alerted"
    assert one.at(2, address="192.0.2.1").outcome == "deduplicated"
    assert other.at(3, address="192.0.2.1").outcome == "alerted"


def test_a_test_alert_cannot_hide_a_real_one() -> None:
    for fields in ({"dedupe": DEDUPE}, {"first_seen": FIRST_SEEN}):
        tried = bench(**fields)
        assert tried.at(0, test=True).outcome == "alerted"
        assert tried.at(1).outcome == "alerted"


# threshold


def test_a_threshold_alerts_with_the_finding_that_reaches_it_and_then_once_a_window() -> None:
    tried = bench(threshold=THRESHOLD)
    assert tried.outcomes(0, 60) == ["below_threshold", "below_threshold"]
    assert tried.at(120) == Verdict(
        outcome="alerted", occurrences=3, within_seconds=600, examples=("event-1", "event-2", "event-3")
    )
    assert tried.outcomes(180, 240, 120 + 599) == ["deduplicated"] * 3


def test_after_the_window_counting_begins_anew_and_the_next_alert_tells_what_was_held_back() -> None:
    tried = bench(threshold=THRESHOLD)
    tried.outcomes(0, 1, 2, 3, 4)
    assert tried.outcomes(700, 701) == ["below_threshold", "below_threshold"]
    verdict = tried.at(702)
    assert (verdict.outcome, verdict.repeats) == ("alerted", 2)


@pytest.mark.parametrize(
    ("times", "outcome"),
    [
        ((0, 300, 599.999), "alerted"),
        ((0, 300, 600), "below_threshold"),
        ((0, 599, 601, 900), "alerted"),  # a window that slides: 599, 601 and 900 lie in ten minutes
        ((0, 0, 0), "alerted"),
        ((0, 600, 300), "below_threshold"),
        ((0, 599, 300), "alerted"),
    ],
)
def test_a_threshold_counts_what_lies_in_any_one_window(times: tuple[float, ...], outcome: str) -> None:
    assert bench(threshold=THRESHOLD).outcomes(*times)[-1] == outcome


def test_a_threshold_goes_by_event_time_so_order_and_delay_of_delivery_do_not_matter() -> None:
    tried = bench(threshold=THRESHOLD)
    findings = [tried.finding(seconds) for seconds in (500, 0, 250)]
    outcomes = [tried.judge(finding, now_seconds=5000 + 900 * n).outcome for n, finding in enumerate(findings)]
    assert outcomes == ["below_threshold", "below_threshold", "alerted"]


def test_events_that_are_far_apart_are_not_a_burst_though_they_arrive_together() -> None:
    tried = bench(threshold=THRESHOLD)
    outcomes = [tried.judge(tried.finding(3600 * hour), now_seconds=90_000).outcome for hour in range(5)]
    assert outcomes == ["below_threshold"] * 5


def test_an_event_that_comes_again_counts_once() -> None:
    tried = bench(threshold=THRESHOLD)
    finding = tried.finding(0)
    assert [tried.judge(finding).outcome for _ in range(5)] == ["below_threshold"] * 5


def test_a_threshold_alert_that_is_tried_again_is_the_same() -> None:
    tried = bench(threshold=THRESHOLD)
    tried.outcomes(0, 1)
    finding = tried.finding(2)
    first = tried.judge(finding)
    tried.outcomes(3, 4)
    assert tried.judge(finding, now_seconds=100) == first
    assert first.outcome == "alerted"


def test_a_threshold_alert_is_owed_though_its_sightings_are_gone() -> None:
    store = MemoryStore()
    tried = Bench(store, make_rule(threshold=THRESHOLD))
    tried.outcomes(0, 1)
    finding = tried.finding(2)
    assert tried.judge(finding).outcome == "alerted"
    store._notes.clear()
    assert tried.judge(finding) == Verdict(outcome="alerted", occurrences=3, within_seconds=600)


def test_an_alert_carries_a_few_examples_of_many() -> None:
    tried = bench(threshold=replace(THRESHOLD, count=50))
    assert tried.outcomes(*range(49)) == ["below_threshold"] * 49
    verdict = tried.at(49)
    assert verdict.occurrences == 50
    assert verdict.examples == ("event-46", "event-47", "event-48", "event-49", "event-50")


def test_find_burst_holds_the_sighting_asked_about() -> None:
    early = [Sighting(at_ms=at, event_id="e") for at in (0, 1, 2)]
    late = Sighting(at_ms=100, event_id="e")
    assert find_burst([*early, late], early[0], count=3, window_ms=10) == early
    assert find_burst([*early, late], late, count=3, window_ms=10) == ()


def test_a_threshold_with_dedupe_is_muted_for_as_long_as_dedupe_says_and_all_repeats_are_told() -> None:
    tried = bench(threshold=THRESHOLD, dedupe=replace(DEDUPE, window_seconds=3600))
    assert tried.outcomes(0, 1, 2) == ["below_threshold", "below_threshold", "alerted"]
    assert tried.outcomes(3, *range(700, 710)) == ["deduplicated"] * 11
    assert tried.outcomes(4000, 4001) == ["below_threshold", "below_threshold"]
    verdict = tried.at(4002)
    assert (verdict.outcome, verdict.occurrences, verdict.repeats) == ("alerted", 3, 11)


def test_an_alert_of_a_threshold_with_dedupe_is_the_same_when_it_is_tried_again() -> None:
    tried = bench(threshold=THRESHOLD, dedupe=DEDUPE)
    tried.outcomes(0, 1)
    finding = tried.finding(2)
    first = tried.judge(finding)
    tried.outcomes(3, 4)
    assert tried.judge(finding, now_seconds=60) == first
    assert first.outcome == "alerted"


def test_a_new_value_with_dedupe_alerts_once_a_window() -> None:
    tried = bench(first_seen=replace(FIRST_SEEN, by=("source_ip",)), dedupe=DEDUPE)
    assert tried.at(0, address="192.0.2.1").outcome == "alerted"
    assert tried.at(1, address="192.0.2.1").outcome == "seen_before"
    assert tried.at(2, address="192.0.2.2").outcome == "deduplicated"
    assert tried.at(16 * MINUTE, address="192.0.2.3") == Verdict(outcome="alerted", repeats=1)


# first_seen


def test_what_is_new_alerts_and_what_was_seen_does_not() -> None:
    tried = bench(first_seen=FIRST_SEEN)
    assert tried.outcomes(0, 1, 29 * DAY) == ["alerted", "seen_before", "seen_before"]


def test_each_sighting_begins_the_time_of_memory_anew() -> None:
    tried = bench(first_seen=FIRST_SEEN)
    assert tried.outcomes(0, 29 * DAY, 58 * DAY, 88 * DAY - 1) == ["alerted"] + ["seen_before"] * 3
    assert tried.at(88 * DAY - 1 + 30 * DAY).outcome == "alerted"


def test_an_event_that_is_delivered_late_is_not_new_where_a_later_one_was_seen() -> None:
    tried = bench(first_seen=FIRST_SEEN)
    assert tried.outcomes(100, 50, 101) == ["alerted", "seen_before", "seen_before"]


def test_a_new_value_is_new_again_when_it_is_tried_again() -> None:
    tried = bench(first_seen=FIRST_SEEN)
    finding = tried.finding(0)
    assert tried.judge(finding).outcome == "alerted"
    assert tried.at(5).outcome == "seen_before"
    assert tried.judge(finding).outcome == "alerted"


def test_another_value_is_new() -> None:
    tried = bench(first_seen=replace(FIRST_SEEN, by=("source_ip",)))
    assert tried.at(0, address="192.0.2.1").outcome == "alerted"
    assert tried.at(1, address="192.0.2.2").outcome == "alerted"
    assert tried.at(2, address="192.0.2.1").outcome == "seen_before"


WARM_UP = replace(FIRST_SEEN, warm_up_seconds=7 * DAY)


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(0, "learning"), (7 * DAY - 1, "learning"), (7 * DAY, "alerted"), (40 * DAY, "alerted")]
)
def test_a_rule_learns_from_its_first_finding_until_its_warm_up_is_over(seconds: float, outcome: str) -> None:
    tried = bench(first_seen=replace(WARM_UP, by=("source_ip",)))
    assert tried.at(0, address="192.0.2.1").outcome == "learning"
    assert tried.at(seconds, address="192.0.2.2").outcome == outcome


def test_what_was_learned_does_not_alert_after_the_warm_up() -> None:
    tried = bench(first_seen=WARM_UP)
    assert tried.outcomes(0, 1, 8 * DAY) == ["learning", "seen_before", "seen_before"]


def test_a_warm_up_goes_by_the_clock_and_not_by_the_time_of_late_events() -> None:
    tried = bench(first_seen=replace(WARM_UP, by=("source_ip",)))
    tried.at(0, address="192.0.2.1")
    late = tried.finding(60, address="192.0.2.2")
    assert tried.judge(late, now_seconds=8 * DAY).outcome == "alerted"


def test_every_rule_warms_up_for_itself_and_a_test_alert_begins_nothing() -> None:
    store = MemoryStore()
    by_address = replace(WARM_UP, by=("source_ip",))
    one, other = (Bench(store, make_rule(id=id_, first_seen=by_address)) for id_ in ("one", "other"))
    assert one.at(0, address="192.0.2.1", test=True).outcome == "learning"
    assert one.at(DAY, address="192.0.2.1").outcome == "learning"
    assert other.at(7 * DAY, address="192.0.2.2").outcome == "learning"
    assert one.at(8 * DAY - 1, address="192.0.2.2").outcome == "learning"
    assert one.at(8 * DAY, address="192.0.2.3").outcome == "alerted"


def test_without_a_warm_up_nothing_is_learned_in_silence() -> None:
    assert bench(first_seen=FIRST_SEEN).at(0).outcome == "alerted"


def test_a_store_that_never_settles_is_told() -> None:
    class Unsettled(MemoryStore):
        def open(self, *_: object, **__: object) -> None:
            return None

        def repeat(self, *_: object, **__: object) -> None:
            return None

    with pytest.raises(StateError, match="neither open nor free"):
        Bench(Unsettled(), make_rule(dedupe=DEDUPE)).at(0)
