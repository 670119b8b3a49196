"""The report's file: whole, small, readable in every theme."""

import base64
import gzip
import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.alerts import EVENT
from tests.unit.findings import make_record, make_rule
from trailbell.cli.report import Report, ReportedEvent, ReportedFinding, write_report
from trailbell.cli.report.write import EVENTS_PER_PACK
from trailbell.formats.document import event_document

CSS = (files("trailbell.cli.report") / "page" / "page.css").read_text(encoding="utf-8")
TEXT_ON = [
    ("text", "page"), ("text", "card"), ("text", "hover"), ("text", "chosen"), ("text", "code"), ("soft", "page"), ("soft", "card"),
    ("soft", "code"), ("accent", "card"), ("accent", "code"),
    *((severity, ground) for severity in ("critical", "high", "medium", "low", "info") for ground in ("card", "hover", "chosen")),
]  # fmt: skip
ENOUGH = 4.5
"""WCAG 2.2, level AA, for text of this size."""
ENOUGH_FOR_SHAPES = 3.0


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of a theme."""
    light, dark = (
        re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block) for block in re.findall(r"\{([^{}]*--page:[^{}]*)\}", CSS)
    )
    return dict(light) if theme == "light" else {**dict(light), **dict(dark)}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read_in_both_themes(theme: str, text: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[ground]) >= ENOUGH


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_timelines_colours_stand_out_from_the_page(theme: str) -> None:
    colours = tokens(theme)
    too_faint = [
        name for number in range(9) if contrast(colours[name := f"c{number}"], colours["card"]) < ENOUGH_FOR_SHAPES
    ]
    assert too_faint == []


def report(count: int) -> Report:
    rule = make_rule()
    finding = ReportedFinding(rule_id=rule.id, outcome="alerted", summary="It happened")
    records = [
        replace(make_record(event=replace(EVENT, id=f"event-{number}")), raw={"n": number}) for number in range(count)
    ]
    events = [ReportedEvent(document=event_document(record), who="alice", findings=[finding]) for record in records]
    return Report(title="A <b>title</b>", subtitle="", totals=[("Events read", count)], rules=[rule], events=events)


def unpacked(page: str, name: str) -> Any:
    found = re.search(rf'<script type="text/plain" id="{name}">([A-Za-z0-9+/=]+)</script>', page)
    assert found, name
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_every_event_is_in_the_page_once_and_whole(tmp_path: Path) -> None:
    count = 2 * EVENTS_PER_PACK + 1
    path = tmp_path / "report.html"
    write_report(path, report(count))
    page = path.read_text(encoding="utf-8")
    events = [event for number in range(3) for event in unpacked(page, f"pack-{number}")]
    assert [event["record"] for event in events] == [{"n": number} for number in range(count)]
    assert [event["event"]["id"] for event in events] == [f"event-{number}" for number in range(count)]
    index = unpacked(page, "index")
    assert len(index["events"]) == len(index["findings"]) == count
    assert 'id="pack-3"' not in page


def test_a_title_is_no_markup(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, report(0))
    assert "<title>A &lt;b&gt;title&lt;/b&gt;</title>" in path.read_text(encoding="utf-8")


def test_the_same_report_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_report(tmp_path / name, report(3))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_page_names_no_other_host() -> None:
    for name in (
        "page.html",
        "page.css",
        "data.js",
        "dom.js",
        "state.js",
        "table.js",
        "timeline.js",
        "detail.js",
        "main.js",
    ):
        text = (files("trailbell.cli.report") / "page" / name).read_text(encoding="utf-8")
        named = set(re.findall(r"https?://[a-z][^\"' ]*", text))
        assert named <= {"http://www.w3.org/2000/svg"}, name
        assert "innerHTML" not in text
        assert "eval(" not in text
