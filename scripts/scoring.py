"""Runs traces through the rules and their windows: which techniques are caught, and what ordinary days alert on."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from scripts.traces import ROOT, Trace, read_traces
from trailbell.config.model import Config
from trailbell.contract.names import API_CALL
from trailbell.errors import RecordError
from trailbell.facts.reader import read_facts
from trailbell.filters import compile_filters
from trailbell.finding import Finding
from trailbell.operations import may_be_withheld
from trailbell.pattern import Pattern
from trailbell.read.reader import read_record
from trailbell.redact import redact
from trailbell.rule import SEVERITIES, Rule
from trailbell.ruleset import RuleSet
from trailbell.windows.judge import judge
from trailbell.windows.memory import MemoryStore
from trailbell.windows.store import Store

RECORDS = ROOT.parent / "shared" / "records" / "records.jsonl.gz"
ENOUGH = SEVERITIES.index("medium")
"""An attack counts as caught by an alert of this severity or worse."""

EXERCISE = "stratus-red-team"
"""In the user agent or the resource names of a well-known attack exercise: the records hold two runs of it."""
LOG_RECORDS = 100
"""Of an account with fewer, there is no log: others keep such single records because an alert should fire on them."""

RealGroup = Literal["log", "exercise", "single"]
"""What a real record is of: an account's log, an attack exercise in such a log, or a collection of examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """What became of one technique."""

    trace: Trace
    rules: tuple[str, ...]
    """Ids of the rules that alerted on it, at medium or worse."""
    noise: tuple[str, ...]
    """Ids of the rules that alerted on its benign neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What a set of events alerts on."""

    events: int
    alerts: Mapping[str, int]
    """Rule id -> alerts."""
    failed: int = 0
    """Records that could not be read."""
    passed: int = 0
    """Events that the compiled filters let through."""

    @property
    def total(self) -> int:
        """How many alerts there are."""
        return sum(self.alerts.values())

    @property
    def per_thousand(self) -> float:
        """Alerts per 1,000 events."""
        return 1000 * self.total / self.events if self.events else 0.0


class Scorer:
    """Runs records through the rules and their windows."""

    def __init__(self, config: Config) -> None:
        """Compile the rules and their filters."""
        self._names = config.names
        self._rules = RuleSet.compile(config.rules)
        filters = compile_filters(config.rules, slots=config.deployment.slots)
        self._filters = [(Pattern.parse(each.pattern), each.read_only) for each in filters]

    def find(self, record: Mapping[str, Any]) -> tuple[Finding, ...]:
        """Return the findings on a record."""
        matched = self._rules.match(record, lambda: read_facts(record, self._names))
        if not matched:
            return ()
        normalised = read_record(redact(record), self._names)
        return tuple(Finding(rule=rule, record=normalised, test=False) for rule in matched)

    def passes(self, record: Mapping[str, Any]) -> bool:
        """Tell whether the compiled filters let the record through."""
        reads = bool(record.get("readOnly")) and may_be_withheld(str(record.get("eventName")))
        kind = "AWS Console Sign In via CloudTrail" if record.get("eventName") == "ConsoleLogin" else API_CALL
        envelope = {"source": "aws.any", "detail-type": kind, "detail": record}
        return any((all_events or not reads) and pattern.matches(envelope) for pattern, all_events in self._filters)


def sent(findings: Iterable[Finding], store: Store) -> Iterator[Rule]:
    """Yield the rules of the findings that are sent."""
    for finding in findings:
        if judge(finding, store, finding.record.event.time).outcome == "alerted":
            yield finding.rule


def score_attack(scorer: Scorer, trace: Trace, before: Sequence[Finding]) -> Caught:
    """Run one technique after the ordinary days."""
    store = MemoryStore()
    for _ in sent(before, store):
        pass
    caught: dict[str, None] = {}
    noise: list[str] = []
    for step in trace.steps:
        for rule in sent(scorer.find(step.record), store):
            if step.benign:
                noise.append(rule.id)
            elif SEVERITIES.index(rule.severity) >= ENOUGH:
                caught[rule.id] = None
    return Caught(trace=trace, rules=tuple(caught), noise=tuple(noise))


def score_noise(
    scorer: Scorer, records: Iterable[Mapping[str, Any]], counts: Callable[[Mapping[str, Any]], bool] = lambda _: True
) -> tuple[Noise, tuple[Finding, ...]]:
    """Run events in order. Return what alerts among those that count, and all findings."""
    store, alerts, findings = MemoryStore(), Counter[str](), list[Finding]()
    events = failed = passed = 0
    for record in records:
        counted = counts(record)
        events += counted
        passed += counted and scorer.passes(record)
        try:
            found = scorer.find(record)
        except RecordError:
            failed += counted
            continue
        findings += found
        told = [rule.id for rule in sent(found, store)]
        alerts.update(told if counted else ())
    return Noise(events=events, alerts=alerts, failed=failed, passed=passed), tuple(findings)


def benign_records() -> list[Mapping[str, Any]]:
    """Return the ordinary days' records in the order of time."""
    records = [step.record for trace in read_traces("benign") for step in trace.steps]
    return sorted(records, key=lambda record: str(record["eventTime"]))


def real_records(path: Path) -> list[Mapping[str, Any]]:
    """Return the records of a gzipped JSON-lines file in the order of time."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return sorted(records, key=lambda record: str(record.get("eventTime")))


def group_real_records(records: Sequence[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], RealGroup]:
    """Return what tells of which group a real record is."""
    sizes = Counter(map(_account, records))

    def group(record: Mapping[str, Any]) -> RealGroup:
        if EXERCISE in json.dumps(record):
            return "exercise"
        return "log" if sizes[_account(record)] >= LOG_RECORDS else "single"

    return group


def _account(record: Mapping[str, Any]) -> str:
    identity = record.get("userIdentity")
    own = identity.get("accountId") if isinstance(identity, Mapping) else None
    return str(record.get("recipientAccountId") or own)
