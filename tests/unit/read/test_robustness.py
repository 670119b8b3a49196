"""Whatever a record holds, it is read and rendered; no field of a wrong type brings the detector down."""

import json
import os
import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from tests.shared import RECORDS_FILE, needs_records, real_records
from tests.unit.alerts import EVENTS, alert_of
from trailbell.call.values import text as text_of
from trailbell.facts.reader import read_facts
from trailbell.formats import amazon_q, document, slack, sns, text
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.redact import redact
from trailbell.words.sentence import describe
from trailbell.words.undo import undo_command

FUZZED = int(os.environ.get("TRAILBELL_FUZZED_RECORDS", "3000"))
"""`TRAILBELL_FUZZED_RECORDS=100000 pytest tests/unit/read/test_robustness.py` takes some minutes."""
SHARES = 4
"""All real records are read, a share in each test: processes that run tests share these, too."""
NAMES = Names(accounts={"111122223333": "production"}, networks={"10.0.0.0/8": "inside"})
ODD_VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, "", "null", "x" * 5000, "\u202e\u0000<!channel>", "\ud800", [], {}, [[]], [{}], {"a": {}},
    ["x"], [None], {"items": None}, {"items": [None]}, {"items": "x"}, "arn:aws:iam::1:user/x", "arn:", "{", "%7B",
]  # fmt: skip


def own_records() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(EVENTS.glob("*.json"))]


def read_everything(record: dict[str, Any]) -> None:
    clean = read_record(redact(record), NAMES)
    assert clean.principal.display
    assert isinstance(read_facts(record, NAMES), dict)
    assert describe(clean, NAMES)
    undo_command(clean)


def render_everything(record: dict[str, Any]) -> None:
    alert = alert_of(record, names=NAMES)
    assert 0 < len(text.subject(alert)) < 100
    assert text.text(alert)
    json.dumps(slack.message(alert))
    json.dumps(amazon_q.notification(alert))
    assert document.from_document(json.loads(json.dumps(document.to_document(alert)))).id == alert.id
    assert len(json.dumps(sns.publication(alert)["Message"]).encode()) > 0


@needs_records
@pytest.mark.parametrize("share", range(SHARES))
def test_every_real_record_is_read_and_rendered(share: int) -> None:
    records = list(islice(real_records(), share, None, SHARES))
    rendered = 0
    for record in records:
        read_everything(record)
        if text_of(record.get("eventName")) and text_of(record.get("eventID")):
            render_everything(record)
            rendered += 1
    assert rendered > 0.9 * len(records)


@pytest.mark.no_cover  # long enough as it is
def test_fuzzed_records_are_read() -> None:
    chance = random.Random(20261123)  # noqa: S311 - no secret depends on it
    seeds = own_records()
    if RECORDS_FILE.is_file():
        seeds += list(islice(real_records(), 0, None, 40))
    for number in range(FUZZED):
        record = spoil(chance.choice(seeds), chance)
        read_everything(record)
        if number % 10 == 0:
            render_everything(record | {"eventName": "RunInstances", "eventID": f"e-{number}"})


def spoil(record: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Drop, retype and swell fields at random places."""
    copy: dict[str, Any] = json.loads(json.dumps(record))
    for _ in range(chance.randint(1, 8)):
        places = list(holders(copy))
        holder = chance.choice(places)
        key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
        match chance.randrange(4):
            case 0:
                holder.pop(key)
            case 1:
                holder[key] = [holder[key], *([odd_value(chance)] * chance.randint(0, 2))]
            case 2 if isinstance(holder, dict):
                holder[chance.choice(("userName", "ARN", "items", "instanceId", "name"))] = odd_value(chance)
            case _:
                holder[key] = odd_value(chance)
        if not copy:
            break
    return copy


def odd_value(chance: random.Random) -> Any:
    """Return a new one each time, so that no record comes to hold itself."""
    return json.loads(json.dumps(chance.choice(ODD_VALUES)))


def holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list) and value:
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from holders(item)
