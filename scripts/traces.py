"""Expand the traces under tests/traces into CloudTrail records.

A trace is a JSON file: who acts (`who`, a name in actors.json), and `events` in order. An event is written short:

    {"do": "secretsmanager.GetSecretValue", "request": {"secretId": "app-{n}"}, "times": 20, "every": 3}

`{n}` counts the repetitions from 0. `after` is the pause before the first one and `every` the pause between two, both
in seconds; `error` is the errorCode; `region`, `who` and `with` (fields of the record) differ from the trace's.
`benign` marks a neighbour in an attack's trace: an event that must not alert.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from trailbell.operations import is_read_only

ROOT = Path(__file__).resolve().parent.parent
TRACES = ROOT / "tests" / "traces"
ACCOUNT = "111122223333"
FIRST_DAY = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One record of a trace."""

    record: Mapping[str, Any]
    benign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What one technique, or one ordinary day of something, leaves in CloudTrail."""

    name: str
    title: str
    attack: tuple[str, ...]
    """ATT&CK technique ids; empty for benign traces."""
    described: str
    """Where the technique is described in public; empty for benign traces."""
    steps: tuple[Step, ...]


def read_traces(kind: str) -> tuple[Trace, ...]:
    """Read the traces of one folder: `attacks` or `benign`, by name."""
    actors = json.loads((TRACES / "actors.json").read_text(encoding="utf-8"))
    return tuple(_read_trace(path, actors, benign=kind == "benign") for path in sorted((TRACES / kind).glob("*.json")))


def _read_trace(path: Path, actors: Mapping[str, Any], *, benign: bool) -> Trace:
    document = json.loads(path.read_text(encoding="utf-8"))
    steps: list[Step] = []
    time = FIRST_DAY + timedelta(seconds=document.get("start", 0))
    for _ in range(document.get("days", 1)):
        end = time
        for event in document["events"]:
            for record in _expand(event, document["who"], actors, path.stem, len(steps), end):
                steps.append(Step(record=record, benign=benign or event.get("benign", False)))
                end = datetime.fromisoformat(record["eventTime"])
        time += timedelta(days=1)
    return Trace(
        name=path.stem,
        title=document["title"],
        attack=tuple(document.get("attack", ())),
        described=document.get("described", ""),
        steps=tuple(steps),
    )


def _expand(
    event: Mapping[str, Any], who: str, actors: Mapping[str, Any], trace: str, number: int, before: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the records of one short event."""
    actor = actors[event.get("who", who)]
    for n in range(event.get("times", 1)):
        seconds = event.get("after", 1) + n * event.get("every", 1)
        yield _record(_count(event, n), _count(actor, n), f"{trace}/{number + n}", before + timedelta(seconds=seconds))


def _record(event: Mapping[str, Any], actor: Mapping[str, Any], identity: str, time: datetime) -> dict[str, Any]:
    service, name = event["do"].split(".")
    source = f"{service}.amazonaws.com"
    record = {
        "eventVersion": "1.11",
        "userIdentity": actor["userIdentity"],
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": source,
        "eventName": name,
        "awsRegion": event.get("region", "us-east-1" if service in ("iam", "organizations") else "eu-central-1"),
        "sourceIPAddress": actor["sourceIPAddress"],
        "userAgent": actor["userAgent"],
        "requestParameters": event.get("request"),
        "responseElements": event.get("response"),
        "requestID": str(uuid5(NAMESPACE_URL, f"request {identity}")),
        "eventID": str(uuid5(NAMESPACE_URL, f"event {identity}")),
        "readOnly": is_read_only(source, name),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    if "error" in event:
        record["errorCode"] = event["error"]
    different: dict[str, Any] = actor.get("with", {}) | event.get("with", {})
    return record | different


def _count(value: Any, n: int) -> Any:
    """Put the number of the repetition where `{n}` stands."""
    if isinstance(value, str):
        return value.replace("{n}", str(n))
    if isinstance(value, dict):
        return {key: _count(inner, n) for key, inner in value.items()}
    return [_count(inner, n) for inner in value] if isinstance(value, list) else value
