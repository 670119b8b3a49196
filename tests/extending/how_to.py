"""Does what docs/extending.md says, in a copy of the checkout."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from localaws.assembly import copy_checkout

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "extending.md"
ALERT = """
from datetime import UTC, datetime
from trailbell.config.model import Config
from trailbell.formats.document import to_document
from trailbell.formats.text import text
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Rule
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore

record = given["record"]
rule = Rule(id="all", title="All", severity="low", match=Pattern.parse({"eventSource": [record["eventSource"]]}))
config = Config(version="v", rules=(rule,))
pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))
(alert,) = pipeline.run(SourcedRecord.of(record))
print(json.dumps({"text": text(alert), **to_document(alert)}))
"""
"""Prints the alert on a record as JSON."""
_FILE = r"<!-- file: {name} -->\n```[a-z]+\n(.*?)```\n"
_LINE = re.compile(r"<!-- line: (\S+), after (.+?) -->\n```[a-z]+\n(.*?)```\n", re.DOTALL)


class Extended:
    """A copy of the checkout with things added to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy_checkout(folder)

    def add(self, name: str) -> None:
        """Add the file that the page gives under this path, and the line after it. Two files are touched: no more."""
        page = PAGE.read_text(encoding="utf-8")
        found = re.search(_FILE.format(name=re.escape(name)), page, re.DOTALL)
        assert found, f"docs/extending.md has no file {name}"
        (self.folder / name).write_text(found[1], encoding="utf-8")
        line = _LINE.search(page, found.end())
        assert line, f"docs/extending.md has no line for {name}"
        self.add_line(line[1], line[3], after=line[2])

    def add_line(self, name: str, line: str, *, after: str) -> None:
        """Put a line behind the one that begins with a text."""
        file = self.folder / name
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        (place,) = [number for number, each in enumerate(lines) if each.strip().startswith(after)]
        file.write_text("".join([*lines[: place + 1], line, *lines[place + 1 :]]), encoding="utf-8")

    def run(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run Python with the copy's library."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "src")}
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, input=text, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip

    def told(self, program: str, **given: Any) -> Any:
        """Return what a program of the copy's library prints as JSON; `given` is in `given`."""
        done = self.run("-c", f"import json, sys\ngiven = json.load(sys.stdin)\n{program}", text=json.dumps(given))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def trailbell(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        return self.run("-m", "trailbell", *arguments)

    def alert_on(self, **record: Any) -> dict[str, Any]:
        """Return the JSON alert on a record, and its `text`."""
        called = {
            "eventTime": "2026-03-02T09:14:11Z",
            "awsRegion": "eu-central-1",
            "eventID": "e-1",
            "recipientAccountId": "111122223333",
            "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333"},
            **record,
        }
        alert: dict[str, Any] = self.told(ALERT, record=called)
        return alert
