"""The HTML report in a headless browser: used as a person does, and with records that want to harm."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.contract.hostile import STRINGS
from trailbell import examples
from trailbell.cli.report import Report, ReportedEvent, ReportedFinding, write_report
from trailbell.formats.document import event_document
from trailbell.names import Names
from trailbell.pattern import Pattern
from trailbell.read.reader import read_record
from trailbell.redact import redact
from trailbell.rule import Rule

ROOT = Path(__file__).resolve().parents[2]
DRIVER = ROOT / "scripts" / "browser" / "report.mjs"
EVENTS = examples.FOLDER
MATCH = Pattern.parse({"eventName": [{"exists": True}]})
RULES = tuple(
    Rule(id=f"{severity}-rule", title=f"A {severity} thing", severity=severity, match=MATCH)
    for severity in ("high", "medium", "low")
)
Drive = Callable[[Path, str], dict[str, Any]]
EVIL = "<script>globalThis.hacked = 1; alert(1)</script>"
EVIL_STRINGS = (
    *STRINGS,
    EVIL,
    "</script><script>globalThis.hacked = 1</script>",
    "--><img src=x onerror='globalThis.hacked = 1'>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{script}{style}{data}{title}",
)


@pytest.fixture(scope="session")
def drive() -> Drive:
    node = Path(sys.executable).parent / "node"
    program = str(node) if node.exists() else shutil.which("node") or "node"

    def run(page: Path, scenario: str) -> dict[str, Any]:
        done = subprocess.run(
            [program, str(DRIVER), str(page), scenario], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        seen: dict[str, Any] = json.loads(done.stdout)
        return seen

    return run


def event_of(record: dict[str, Any], *findings: ReportedFinding) -> ReportedEvent:
    read = read_record(redact(record), Names())
    return ReportedEvent(document=event_document(read), who=read.principal.display, findings=findings)


def report_of(events: list[ReportedEvent]) -> Report:
    return Report(
        title="Trailbell replay",
        subtitle="tests/events",
        totals=[("Events read", len(events)), ("Alerts", 3)],
        rules=RULES,
        events=events,
    )


def own_records() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(EVENTS.glob("*.json"))]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of our own records: each third alerts, the others were held back."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    events = []
    for number, record in enumerate(own_records()):
        alerted = record["eventName"] == "RunInstances" or number % 3 == 0
        rule = RULES[number % 3].id
        finding = ReportedFinding(
            rule_id=rule, outcome="alerted" if alerted else "deduplicated", summary="It happened" if alerted else ""
        )
        events.append(event_of(record, finding))
    write_report(path, report_of(events))
    return path


@pytest.fixture(scope="module")
def seen(page: Path, drive: Drive) -> dict[str, Any]:
    return drive(page, "use")


def test_nothing_leaves_the_page_and_nothing_fails(seen: dict[str, Any], page: Path) -> None:
    assert {url for url in seen["requests"] if not url.startswith("data:")} == {page.as_uri()}
    assert (seen["errors"], seen["dialogs"]) == ([], 0)


def test_it_opens_with_the_alerts(seen: dict[str, Any]) -> None:
    alerts = sum(
        number % 3 == 0 or record["eventName"] == "RunInstances" for number, record in enumerate(own_records())
    )
    assert seen["start"]["count"] == f"{alerts} alerts"
    assert seen["start"]["tabs"] == [f"Alerts ({alerts})", f"Events ({len(own_records())})"]


def test_a_search_finds_and_can_be_linked_to(seen: dict[str, Any]) -> None:
    assert seen["slash"] == "search"
    assert seen["search"]["names"] == ["RunInstances"]
    assert seen["search"]["hash"] == "#q=runinstances"
    assert seen["linked"] == seen["search"]["count"]


def test_the_keyboard_opens_and_closes_an_event(seen: dict[str, Any]) -> None:
    assert seen["entered"] == {"focus": "grid", "chosen": 1}
    assert seen["detail"]["focus"] == "detail"
    assert seen["closed"] == {"hidden": True, "focus": "grid"}
    assert seen["moved"] == "3"


def test_the_detail_pane_is_laid_out_as_the_consoles(seen: dict[str, Any]) -> None:
    detail = seen["detail"]
    assert detail["title"] == "RunInstances"
    assert detail["sections"] == [
        "Summary", "Rules", "Resources (7)", "Request parameters", "Response elements", "Additional metadata", "Event record",
    ]  # fmt: skip
    said = dict(zip(detail["terms"], detail["values"], strict=True))
    record = json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    assert said["AWS access key"] == record["userIdentity"]["accessKeyId"]
    assert said["Source IP address"] == record["sourceIPAddress"]
    assert said["AWS region"] == record["awsRegion"]
    assert said["Request ID"] == record["requestID"]
    assert said["Recipient account"] == record["recipientAccountId"]
    assert said["Resource count"] == "7"
    assert said["Read-only"] == "No"
    assert detail["record"]["eventID"] == record["eventID"]
    assert all(href.startswith("https://") and rel == "noopener noreferrer" for href, rel in detail["links"])
    assert len(detail["links"]) == 8


def test_events_are_listed_as_the_consoles_history_lists_them(seen: dict[str, Any]) -> None:
    assert seen["events"]["count"] == f"{len(own_records())} events"
    assert seen["events"]["heads"] == [
        "Event name", "Event time (UTC)", "User name", "Event source", "Resource type", "Resource name",
    ]  # fmt: skip


def test_filters_narrow_what_is_shown(seen: dict[str, Any]) -> None:
    assert seen["user"]["users"]
    assert all("kodekloud" in user for user in seen["user"]["users"])
    assert set(seen["severity"]["severities"]) == {"high"}
    assert seen["time"]["chips"]
    assert re.fullmatch(r"\d+ of \d+ alerts", seen["time"]["count"])
    assert re.fullmatch(r"\d+ of \d+ alerts", seen["rule"]["count"])
    assert seen["rule"]["pressed"] == 1
    assert seen["none"]["words"] == "No alerts fit these filters."


def test_light_and_dark_can_be_switched(seen: dict[str, Any]) -> None:
    assert (seen["theme"], seen["toggled"]) == ("light", "dark")


def test_a_phone_shows_it_without_scrolling_sideways(page: Path, drive: Drive) -> None:
    seen = drive(page, "phone")
    assert (seen["width"], seen["width_open"]) == (360, 360)
    assert seen["detail_box"] == {"x": 0, "y": 0, "width": 360, "height": 740}
    assert seen["closed"] is True


def poisoned(value: Any, hostile: str) -> Any:
    """Return a record with every text replaced but those that say what and when."""
    if isinstance(value, dict):
        return {
            **{
                key: item if key in {"eventTime", "eventVersion"} else poisoned(item, hostile)
                for key, item in value.items()
            },
            hostile: hostile,
        }
    if isinstance(value, list):
        return [poisoned(item, hostile) for item in value]
    return hostile if isinstance(value, str) else value


def test_a_record_full_of_markup_changes_nothing(tmp_path: Path, drive: Drive) -> None:
    record = json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    finding = ReportedFinding(rule_id="high-rule", outcome="alerted", summary=EVIL, suppression_id=EVIL)
    events = [event_of(poisoned(record, hostile[:3_000]), finding) for hostile in EVIL_STRINGS]
    evil_rules = tuple(replace(rule, title=EVIL) for rule in RULES)
    path = tmp_path / "report.html"
    write_report(path, replace(report_of(events), title=EVIL, subtitle=EVIL, rules=evil_rules))

    seen = drive(path, "inert")

    assert (seen["dialogs"], seen["errors"], seen["hacked"]) == (0, [], None)
    assert seen["before"] == seen["after"]
    assert (seen["before"]["others"], seen["before"]["handlers"]) == (0, 0)
    assert any(EVIL in text for text in seen["texts"]), "it is shown as what it is"
    assert {href for href in seen["links"] if not href.startswith(("https://", "#"))} == set()
    assert {url for url in seen["requests"] if not url.startswith("data:")} == {path.as_uri()}
    assert seen["refused"] == [None, "refused"], "the page's own policy"
