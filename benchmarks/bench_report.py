"""The HTML report with fifty thousand events: writing it, its size, and how it behaves in a headless browser."""

import json
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import orjson

from benchmarks.support.corpus import ROOT, read_records
from benchmarks.support.measure import table
from trailbell.cli.report import Report, ReportedEvent, ReportedFinding, write_report
from trailbell.formats.document import event_document
from trailbell.names import Names
from trailbell.pattern import Pattern
from trailbell.read.reader import read_record
from trailbell.redact import redact
from trailbell.rule import Rule

EVENTS = 50_000
DRIVER = ROOT / "scripts" / "browser" / "report.mjs"


def run() -> str:
    """Return the section of the report."""
    rule = Rule(id="all", title="Everything", severity="low", match=Pattern.parse({"eventName": [{"exists": True}]}))
    records, what = read_records()
    read = [read_record(redact(orjson.loads(record)), Names()) for record in records[:2_000]]
    finding = ReportedFinding(rule_id="all", outcome="alerted", summary="It happened")
    events = []
    for number in range(EVENTS):
        record = read[number % len(read)]
        event = replace(record.event, id=f"{number:08d}-0000-4000-8000-000000000000")
        document = event_document(replace(record, event=event))
        events.append(ReportedEvent(document=document, who=record.principal.display, findings=[finding]))
    report = Report(title="Bench", subtitle=what, totals=[("Events read", EVENTS)], rules=[rule], events=events)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        begin = time.perf_counter()
        write_report(page, report)
        write_seconds = time.perf_counter() - begin
        size_megabytes = page.stat().st_size / 1e6
        done = subprocess.run(
            ["node", str(DRIVER), str(page), "measure"], capture_output=True, text=True, check=True, timeout=300
        )
    seen = json.loads(done.stdout)
    rows = [
        ["writing the page", f"{write_seconds:.1f} s, {size_megabytes:.1f} MB"],
        ["opening it until it can be used", f"{seen['load_ms'] / 1000:.1f} s"],
        ["one keystroke in the search, longest of five", f"{max(seen['keystroke_ms']):.0f} ms"],
        ["one step of scrolling through all rows", f"{seen['scroll_ms']:.0f} ms"],
        ["opening the last event", f"{seen['open_ms']:.0f} ms"],
        ["rows that exist as elements", str(seen["rows"])],
    ]
    return f"## The HTML report with {EVENTS:,} events\n\n{table(['', ''], rows)}"
