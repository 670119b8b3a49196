"""Records to try a deployment with: those of rules' own tests, as new events by somebody new."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trailbell.authoring import LoadedConfig, RuleEntry
from trailbell.authoring.rule_tests import build_record
from trailbell.contract.names import API_CALL, TEST_SOURCE
from trailbell.errors import ConfigError
from trailbell.pipeline import Pipeline
from trailbell.rule import SEVERITIES, Rule
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore

MOST_RECORDS = 50
"""A threshold above this is not tried: so many test events would be in everybody's way."""

_TOKEN_CHARACTERS = len("00000000-0000-0000-0000-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Test records that make one rule alert."""

    rule: Rule
    token: str
    """What the ids of its events begin with."""
    records: tuple[Mapping[str, Any], ...]
    """One, or as many as the rule's threshold asks for."""
    destinations: tuple[str, ...]

    @property
    def alert_ids(self) -> frozenset[str]:
        """The ids that the alert can have."""
        return frozenset(f"{record['eventID']}/{self.rule.id}" for record in self.records)

    def entries(self) -> list[dict[str, str]]:
        """Return them as PutEvents takes them."""
        return [
            {"Source": TEST_SOURCE, "DetailType": API_CALL, "Detail": json.dumps(record)} for record in self.records
        ]


def make_trial(loaded: LoadedConfig, entry: RuleEntry, events_dir: Path) -> Trial | None:
    """Return records on which the config lets the rule alert; None where its tests hold none."""
    rule = entry.rule
    count = rule.threshold.count if rule.threshold else 1
    if rule not in loaded.config.rules or count > MOST_RECORDS:
        return None
    pipeline = Pipeline.from_config(loaded.config, store=MemoryStore(), clock=lambda: datetime.now(UTC))
    for test in entry.tests:
        if not test.alerts:
            continue
        try:
            base = build_record(test, events_dir)
        except ConfigError:
            continue
        someone = uuid.uuid4().hex[:8]
        # Somebody new, so that no window of an earlier test holds the alert back; unless the rule asks for the old one.
        for record in (_by_somebody_new(base, someone), base):
            destinations = _destinations(pipeline, rule, record)
            if destinations is not None:
                if not loaded.config.destinations.email:
                    destinations = tuple(name for name in destinations if name != "email")
                token = str(uuid.uuid4())[:_TOKEN_CHARACTERS]
                records = tuple(_happens_now(record, f"{token}{number:012x}") for number in range(count))
                return Trial(rule=rule, token=token, records=records, destinations=destinations)
    return None


def choose_trial(loaded: LoadedConfig, events_dir: Path) -> Trial | None:
    """Return the trial of the rule that tells the most destinations, and of those the mildest.

    Rules that count or remember are passed over: what they do depends on what came before.
    """
    entries = sorted(
        (entry for entry in loaded.entries if entry.rule.threshold is None and entry.rule.first_seen is None),
        key=lambda entry: SEVERITIES.index(entry.rule.severity),
    )
    trials = [trial for entry in entries if (trial := make_trial(loaded, entry, events_dir))]
    return max(trials, key=lambda trial: len(trial.destinations), default=None)


def _destinations(pipeline: Pipeline, rule: Rule, record: Mapping[str, Any]) -> tuple[str, ...] | None:
    found = pipeline.find(SourcedRecord.of(_happens_now(record, str(uuid.uuid4())), test=True))
    mine = next((each for each in found if each.rule.id == rule.id and each.suppression_id is None), None)
    return pipeline.route(mine) if mine else None


def _happens_now(record: Mapping[str, Any], event_id: str) -> dict[str, Any]:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**record, "eventID": event_id, "eventTime": now}


def _by_somebody_new(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the record with an ARN of its own for the caller, and for the role whose session it is."""
    identity = record.get("userIdentity")
    if not isinstance(identity, Mapping):
        return dict(record)
    changed = {**identity, **_renamed(identity, name)}
    context = identity.get("sessionContext")
    issuer = context.get("sessionIssuer") if isinstance(context, Mapping) else None
    if isinstance(context, Mapping) and isinstance(issuer, Mapping):
        changed["sessionContext"] = {**context, "sessionIssuer": {**issuer, **_renamed(issuer, name)}}
    return {**record, "userIdentity": changed}


def _renamed(part: Mapping[str, Any], name: str) -> Mapping[str, str]:
    arn = part.get("arn")
    # root's ARN and those of services have no name to change.
    return {"arn": f"{arn}-{name}"} if isinstance(arn, str) and "/" in arn else {}


def chunks(entries: Sequence[dict[str, str]], size: int) -> list[list[dict[str, str]]]:
    """Return entries in groups: PutEvents takes ten."""
    return [list(entries[start : start + size]) for start in range(0, len(entries), size)]
