"""Findings made by hand, a clock that stands still until it is told to move, and a shorter way to judge."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.alerts import EVENT, ORIGIN, PRINCIPAL, RESOURCES
from trailbell.finding import Finding, Verdict
from trailbell.pattern import Pattern
from trailbell.record import Record
from trailbell.rule import Rule
from trailbell.windows.judge import judge
from trailbell.windows.store import Store

START = EVENT.time
MINUTE = 60
DAY = 86_400


def make_record(**changes: Any) -> Record:
    """Return the RunInstances record; `event`, `principal`, `origin` and `resources` take changed parts."""
    parts: dict[str, Any] = {"event": EVENT, "principal": PRINCIPAL, "origin": ORIGIN, "resources": RESOURCES}
    return Record(**{**parts, **changes}, raw={})


def make_rule(**fields: Any) -> Rule:
    """Return a rule on RunInstances."""
    match = Pattern.parse({"eventName": ["RunInstances"]})
    return Rule(**{"id": "test-rule", "title": "Test", "severity": "medium", "match": match, **fields})


class Bench:
    """Judges findings of one rule against one store, at the times that a test says."""

    def __init__(self, store: Store, rule: Rule) -> None:
        self.store = store
        self.rule = rule
        self._ids = count(1)

    def finding(self, seconds: float = 0, *, test: bool = False, event_id: str | None = None, **origin: Any) -> Finding:
        """Return a finding on an event of its own, so many seconds after the start."""
        event = replace(EVENT, id=event_id or f"event-{next(self._ids)}", time=START + timedelta(seconds=seconds))
        record = make_record(event=event, origin=replace(ORIGIN, **origin))
        return Finding(rule=self.rule, record=record, test=test)

    def judge(self, finding: Finding, *, now_seconds: float | None = None) -> Verdict:
        """Judge a finding at a time, which is its event's own if none is said; its windows are left out."""
        return replace(self.verdict(finding, now_seconds=now_seconds), opened=())

    def verdict(self, finding: Finding, *, now_seconds: float | None = None) -> Verdict:
        """Judge a finding, tell all."""
        now: datetime = finding.record.event.time
        return judge(finding, self.store, now if now_seconds is None else START + timedelta(seconds=now_seconds))

    def at(self, seconds: float, **fields: Any) -> Verdict:
        """Judge a new finding at so many seconds after the start."""
        return self.judge(self.finding(seconds, **fields))

    def outcomes(self, *times: float) -> list[str]:
        """Judge a new finding at each time, return what became of them."""
        return [self.at(seconds).outcome for seconds in times]
