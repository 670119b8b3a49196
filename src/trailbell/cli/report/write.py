"""Writes a report as one self-contained page.

Nothing of a record is markup: all data lies gzipped and in Base64 in the page, and its script shows it as text. A
Content Security Policy with the hashes of the page's own style and script keeps all else from running or loading.
"""

import base64
import gzip
import hashlib
import html
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from trailbell.cli.report.model import Report, ReportedEvent

EVENTS_PER_PACK = 200
"""Whole events that are unpacked together when one of them is looked at."""
SCRIPTS = ("data.js", "dom.js", "state.js", "table.js", "timeline.js", "detail.js", "main.js")
"""In the order in which they need each other."""
EVENT_COLUMNS = (
    "time", "id", "name", "user", "who", "source", "type", "resource", "region", "account", "key", "address", "error",
    "read_only",
)  # fmt: skip
"""What the table and its filters know of an event."""
MAX_LISTED_RESOURCES = 5


def write_report(path: Path, report: Report) -> None:
    """Write the page. Raises OSError where the file cannot be written."""
    with path.open("w", encoding="utf-8") as page:
        page.writelines(_page(report))


def _page(report: Report) -> Iterator[str]:
    style, script = _read("page.css"), "\n".join(["(() => {", '"use strict";', *map(_read, SCRIPTS), "})();"])
    head, _, tail = _read("page.html").partition("{data}")
    filled = {
        "{title}": html.escape(report.title),
        "{style_hash}": _hash(style),
        "{script_hash}": _hash(script),
        "{style}": style,
    }
    for name, value in filled.items():
        head = head.replace(name, value)
    yield head
    yield _packed("index", _index(report))
    for number, start in enumerate(range(0, len(report.events), EVENTS_PER_PACK)):
        documents = [_whole(event) for event in report.events[start : start + EVENTS_PER_PACK]]
        yield _packed(f"pack-{number}", documents)
    yield tail.replace("{script}", script)


def _whole(event: ReportedEvent) -> dict[str, Any]:
    """Return all of an event; what the record holds already is not said twice."""
    left_out = {"request_parameters", "response_elements"}
    return {name: value for name, value in event.document.items() if name not in left_out}


def _index(report: Report) -> dict[str, Any]:
    texts = _Texts()
    numbers = {rule.id: number for number, rule in enumerate(report.rules)}
    used = {finding.rule_id for event in report.events for finding in event.findings}
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "totals": report.totals,
        "events_per_pack": EVENTS_PER_PACK,
        "rules": [
            {"id": rule.id, "title": rule.title, "severity": rule.severity, "used": rule.id in used}
            for rule in report.rules
        ],
        "outcomes": sorted({finding.outcome for event in report.events for finding in event.findings}),
        "event_columns": EVENT_COLUMNS,
        "events": [
            [value if name == "time" else texts.number(value) for name, value in _row(event).items()]
            for event in report.events
        ],
        "findings": [
            [
                number,
                numbers[finding.rule_id],
                texts.number(finding.outcome),
                texts.number(finding.summary),
                texts.number(finding.suppression_id or ""),
            ]
            for number, event in enumerate(report.events)
            for finding in event.findings
        ],
        "texts": texts.all,
    }


def _row(event: ReportedEvent) -> dict[str, Any]:
    call, principal = event.document["event"], event.document["principal"]
    resources: Sequence[Mapping[str, Any]] = event.document["resources"][:MAX_LISTED_RESOURCES]
    values = (
        round(datetime.fromisoformat(call["time"]).timestamp()),
        call["id"],
        call["name"],
        principal["display"],
        event.who,
        call["source"],
        ", ".join(dict.fromkeys(resource["type"] for resource in resources if resource["type"])),
        ", ".join(resource["id"] for resource in resources),
        call["region"],
        call["account_name"] or call["account_id"],
        principal["access_key_id"] or "",
        event.document["origin"]["address"] or "",
        call["error_code"] or "",
        {True: "read-only", False: "write", None: ""}[call["read_only"]],
    )
    return dict(zip(EVENT_COLUMNS, values, strict=True))


class _Texts:
    """Holds every text once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    @property
    def all(self) -> list[str]:
        return list(self._numbers)


def _packed(name: str, content: Any) -> str:
    text = json.dumps(content, separators=(",", ":"))
    packed = base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), 6, mtime=0)).decode()
    return f'<script type="text/plain" id="{name}">{packed}</script>\n'


def _read(name: str) -> str:
    return (files("trailbell.cli.report") / "page" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
