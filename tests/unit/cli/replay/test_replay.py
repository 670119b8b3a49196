"""`trailbell replay`: what it counts, compares and writes."""

import json
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from tests.unit.cli.replay.test_tune import ALICE, ci, record
from trailbell.cli.main import app
from trailbell.cli.replay.page import OUTCOMES
from trailbell.cli.replay.rates import count_alerts, print_rates, rates_document
from trailbell.cli.replay.request import Request
from trailbell.cli.shared.aws import Aws
from trailbell.config.model import Config
from trailbell.contract.outcomes import Outcome
from trailbell.pattern import Pattern
from trailbell.rule import Rule

CONFIG = """\
rules:
  - {id: changed, title: Changed, severity: low, match: {eventName: [PutRule]},
     dedupe: {by: [principal], window: 1h}}
  - {id: burst, title: Burst, severity: high, match: {eventName: [DeleteRule]},
     threshold: {count: 3, window: 2h, by: [account]}}
  - {id: fresh, title: Fresh, severity: info, match: {eventName: [PutRule, DeleteRule]},
     first_seen: {by: [principal], window: 30d}}
suppressions:
  - {id: scanner, match: {userAgent: [scanner]}, reason: our own scanner, rules: [changed]}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make six changes by CI, one every 20 minutes, one by the scanner, then two deletions."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAILBELL_CONFIG", raising=False)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "trailbell.yaml").write_text(CONFIG)
    records = [record(number, ci(number)) for number in range(6)]
    records.append(record(6, ALICE) | {"userAgent": "scanner"})
    records += [record(number, ALICE, "DeleteRule") for number in (7, 8)]
    (tmp_path / "logs").mkdir()
    # The later half in the file that is read first.
    for name, half in (("a.jsonl", records[5:]), ("b.jsonl", records[:5])):
        (tmp_path / "logs" / name).write_text("\n".join(map(json.dumps, half)))
    return tmp_path


def replay(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["replay", *arguments], catch_exceptions=False)


def lines(*arguments: str) -> list[dict[str, Any]]:
    result = replay(*arguments, "--format", "json")
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_people_get_a_table_of_what_alerts_and_what_is_held_back() -> None:
    result = replay("logs")
    rows = {line.split()[0]: line.split() for line in result.stdout.splitlines() if line.strip()}
    # Rule, severity, alerts, alerts a day, repeats, too few, known, suppressed, by whom.
    assert rows["changed"][:9] == ["changed", "low", "2", "2.0", "4", "-", "-", "1", "role"]
    assert rows["fresh"][:8] == ["fresh", "info", "2", "2.0", "-", "-", "7", "-"]
    assert rows["burst"][:8] == ["burst", "high", "-", "0", "-", "2", "-", "-"]
    assert "role ci-deploy (50 %), alice (50 %)" in result.stdout
    assert rows["scanner"] == ["scanner", "1", "our", "own", "scanner"]
    assert (
        "9 events from 2026-11-02T00:00:00Z to 2026-11-02T02:40:00Z: 4 alerts, 4.0 a day. "
        "Held back: 4 repeats, 2 too few for a threshold, 7 seen before, 1 suppressed." in result.stdout
    )
    assert (result.exit_code, result.stderr) == (0, "")


def test_programs_get_a_line_for_each_alert_in_the_order_of_time() -> None:
    found = lines("logs")
    assert [(each["rule"], each["time"]) for each in found] == [
        ("changed", "2026-11-02T00:00:00Z"),
        ("fresh", "2026-11-02T00:00:00Z"),
        ("changed", "2026-11-02T01:00:00Z"),
        ("fresh", "2026-11-02T02:00:00Z"),
    ]
    assert found[2] | {"summary": ""} == {
        "rule": "changed",
        "severity": "low",
        "time": "2026-11-02T01:00:00Z",
        "account": "111122223333",
        "region": "eu-central-1",
        "event_source": "events.amazonaws.com",
        "event_name": "PutRule",
        "event_id": "00000000-0000-4000-8000-000000000003",
        "principal": "role ci-deploy, session build-3",
        "source_ip": "203.0.113.7",
        "error_code": None,
        "resources": [],
        "repeats": 2,
        "occurrences": 1,
        "summary": "",
        "id": "00000000-0000-4000-8000-000000000003/changed",
    }


def test_full_lines_hold_the_whole_event() -> None:
    (first, *_) = lines("logs", "--full", "--limit", "1")
    assert first["document"]["record"]["eventID"] == first["event_id"]
    assert first["document"]["principal"]["user_name"] == "ci-deploy"


def test_rules_time_and_number_can_be_limited() -> None:
    assert {each["rule"] for each in lines("logs", "--rule", "fresh")} == {"fresh"}
    assert [each["time"] for each in lines("logs", "--rule", "changed", "--since", "2026-11-02T00:30Z")] == [
        "2026-11-02T00:40:00Z",
        "2026-11-02T01:40:00Z",
    ]
    assert len(lines("logs", "--until", "2026-11-02T00:20Z")) == 2
    assert len(lines("logs", "--limit", "3")) == 3
    assert "... and 1 rule more" in replay("logs", "--limit", "2").stdout


def test_comparison_shows_what_appears_and_disappears_with_examples(here: Path) -> None:
    new = CONFIG.replace("count: 3", "count: 2").replace("window: 1h", "window: 2h")
    (here / "new.yaml").write_text(new)
    changes = {each["rule"]: each for each in lines("logs", "-c", "new.yaml", "--compare", "config/trailbell.yaml")}
    assert {rule: (each["appear"], each["disappear"]) for rule, each in changes.items()} == {
        "burst": (1, 0),
        "changed": (0, 1),
    }
    assert changes["burst"]["appear_examples"][0]["occurrences"] == 2
    assert changes["changed"]["disappear_examples"][0]["time"] == "2026-11-02T01:00:00Z"
    text = replay("logs", "-c", "new.yaml", "--compare", "config/trailbell.yaml").stdout
    assert "+ burst  2026-11-02 02:40  alice" in text
    assert "- changed  2026-11-02 01:00  role ci-deploy" in text
    assert "1 alert would appear, 1 would disappear." in text


def test_a_record_that_is_none_is_told_and_fails_nothing(here: Path) -> None:
    with (here / "logs" / "a.jsonl").open("a") as file:
        file.write('\n{"eventName": "PutRule"}\n')
    result = replay("logs")
    assert (result.exit_code, "4 alerts" in result.stdout) == (0, True)
    assert "logs/a.jsonl: record 5: the record has no eventID" in result.stderr


def test_what_cannot_be_read_is_told_and_fails_at_the_end(here: Path) -> None:
    (here / "logs" / "c.json").write_text("{")
    with (here / "logs" / "a.jsonl").open("a") as file:
        file.write('\n{"eventName": "PutRule"}\n')
    result = replay("logs")
    assert result.exit_code == 1
    assert "4 alerts" in result.stdout
    assert "logs/c.json is not JSON of CloudTrail records" in result.stderr
    assert "logs/a.jsonl: record 5: the record has no eventID" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["missing"], 1, "There is no file or folder missing"),
        (["logs", "--rule", "chnaged"], 1, "Did you mean changed"),
        (["logs", "--since", "yesterday"], 2, "yesterday is no time"),
        (["logs", "--compare", "missing.yaml"], 1, "missing.yaml"),
    ],
)
def test_wrong_use_says_what_is_wrong(arguments: list[str], code: int, told: str) -> None:
    result = replay(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr


def test_a_plan_tells_alerts_a_day_before_and_after() -> None:
    rule = Rule(id="changed", title="Changed", severity="low", match=Pattern.parse({"eventName": ["PutRule"]}))
    more = Rule(id="gone", title="Gone", severity="low", match=Pattern.parse({"eventName": ["DeleteRule"]}))
    rates = count_alerts(Request(source="logs"), [Config(rules=(rule,)), Config(rules=(rule, more))], Aws())
    assert rates_document(rates) == {
        "events": 9,
        "days": 1.0,
        "rules": {"gone": {"before": 0.0, "after": 2.0}, "changed": {"before": 7.0, "after": 7.0}},
    }
    text = StringIO()
    print_rates(rates, Console(file=text))
    assert [line.split() for line in text.getvalue().splitlines()] == [
        ["Alerts", "a", "day", "before", "after"],
        ["gone", "0", "2.0"],
        ["all", "rules", "7.0", "9.0"],
    ]


def test_alerts_a_day_are_counted_over_the_days_that_the_events_span(here: Path) -> None:
    last = record(0, ALICE) | {"eventID": "z", "eventName": "Quiet", "eventTime": "2026-11-06T00:00:00Z"}
    (here / "logs" / "c.json").write_text(json.dumps({"Records": [last]}, indent=1))
    assert "4 alerts, 1.0 a day" in replay("logs").stdout


def test_the_page_has_a_word_for_every_outcome() -> None:
    """What it has none for would be missing in its totals."""
    assert set(OUTCOMES) == set(get_args(Outcome))
