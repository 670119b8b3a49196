"""Windows: first_seen, threshold and dedupe decide whether a finding is sent, over a store of what came before.

Every window is half-open: what happened at t covers [t, t + window). dedupe goes by the clock, because it is about how
often people are told; threshold and first_seen go by the event's own time, because CloudTrail delivers late and out of
order. Asking twice about one finding gives the same answer, so a finding whose alert could not be delivered is not
taken for its own repeat when it is tried again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trailbell.errors import StateError
from trailbell.finding import Finding, OpenWindow, Verdict
from trailbell.rule import FirstSeen
from trailbell.windows.keys import learning_key, make_key
from trailbell.windows.store import Sighting, Store, Window
from trailbell.windows.traits import traits_of

MAX_EXAMPLES = 5
_ATTEMPTS = 5
"""A window may end between two requests; one that does so five times in a row means a broken clock or store."""


def judge(finding: Finding, store: Store, now: datetime) -> Verdict:
    """Decide whether a finding is sent. Raises StateError where the store cannot answer."""
    rule, now_ms = finding.rule, _milliseconds(now)
    sighting = Sighting(at_ms=_milliseconds(finding.record.event.time), event_id=finding.record.event.id)
    verdict = Verdict(outcome="alerted")
    if rule.first_seen:
        key = make_key("first_seen", rule.first_seen.by, finding)
        new = store.see(key, sighting, now_ms=now_ms, window_ms=rule.first_seen.window_seconds * 1000)
        learns = _learns(finding, rule.first_seen, store, now_ms)
        if not new:
            return Verdict(outcome="seen_before")
        if learns:
            return Verdict(outcome="learning")
    if rule.threshold and rule.dedupe:
        # Asked first, so that every finding of the muted time is a repeat, and not just those that reach the threshold.
        key = make_key("dedupe", rule.dedupe.by, finding)
        muted = store.repeat(key, event_id=sighting.event_id, now_ms=now_ms, traits=traits_of(finding.record))
        if muted and not muted.mine:
            return Verdict(outcome="deduplicated")
    if rule.threshold:
        verdict = _judge_threshold(finding, sighting, store, now_ms)
    if verdict.outcome == "alerted" and rule.dedupe:
        key = make_key("dedupe", rule.dedupe.by, finding)
        window = _enter(store, key, finding, now_ms, rule.dedupe.window_seconds * 1000)
        if not window.mine:
            return Verdict(outcome="deduplicated")
        verdict = replace(
            verdict,
            repeats=verdict.repeats + window.earlier_repeats,
            opened=(OpenWindow(key=key, ends_at_ms=window.ends_at_ms), *verdict.opened),
        )
    return verdict


def _learns(finding: Finding, first_seen: FirstSeen, store: Store, now_ms: int) -> bool:
    """Tell whether the rule is still warming up. By the clock: how late an event comes is no matter of the rule's."""
    if not first_seen.warm_up_seconds:
        return False
    began_ms = store.begin(learning_key(finding.rule.id, test=finding.test), at_ms=now_ms)
    return now_ms < began_ms + first_seen.warm_up_seconds * 1000


def _judge_threshold(finding: Finding, sighting: Sighting, store: Store, now_ms: int) -> Verdict:
    threshold, event_id = finding.rule.threshold, sighting.event_id
    assert threshold is not None  # noqa: S101 - the caller asked; told to the type checker
    key, window_ms = make_key("threshold", threshold.by, finding), threshold.window_seconds * 1000
    muted = store.repeat(key, event_id=event_id, now_ms=now_ms, traits=traits_of(finding.record))
    if muted and not muted.mine:
        return Verdict(outcome="deduplicated")
    sightings = store.note(key, sighting, now_ms=now_ms, window_ms=window_ms, count=threshold.count)
    burst = find_burst(sightings, sighting, count=threshold.count, window_ms=window_ms)
    if not burst and not muted:
        return Verdict(outcome="below_threshold")
    window = _enter(store, key, finding, now_ms, window_ms)
    if not window.mine:
        return Verdict(outcome="deduplicated")
    return Verdict(
        outcome="alerted",
        repeats=window.earlier_repeats,
        occurrences=len(burst) or threshold.count,
        within_seconds=threshold.window_seconds,
        examples=tuple(each.event_id for each in burst[-MAX_EXAMPLES:]),
        opened=(OpenWindow(key=key, ends_at_ms=window.ends_at_ms),),
    )


def find_burst(sightings: Sequence[Sighting], sighting: Sighting, *, count: int, window_ms: int) -> Sequence[Sighting]:
    """Return the `count` sightings in a row that hold this one and fall in one window; none where there are none."""
    mine = sightings.index(sighting)
    for start in range(max(0, mine - count + 1), mine + 1):
        burst = sightings[start : start + count]
        if len(burst) == count and burst[-1].at_ms - burst[0].at_ms < window_ms:
            return burst
    return ()


def _enter(store: Store, key: str, finding: Finding, now_ms: int, window_ms: int) -> Window:
    """Count as a repeat in the window that is open, or open one."""
    event_id, traits = finding.record.event.id, traits_of(finding.record)
    for _ in range(_ATTEMPTS):
        # Repeats first: in a storm all but one finding are repeats, and each costs one write then.
        window = store.repeat(key, event_id=event_id, now_ms=now_ms, traits=traits)
        window = window or store.open(key, event_id=event_id, now_ms=now_ms, window_ms=window_ms)
        if window:
            return window
    raise StateError(f"The window of {key} was neither open nor free, {_ATTEMPTS} times in a row; it is tried again")


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)
