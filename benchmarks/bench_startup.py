"""What a cold start pays for the engine: importing it, and 150 rules from the compiled JSON form."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.corpus import ROOT, make_rules
from benchmarks.measure import table

RULES = 150
TARGET_MS = 25
RUNS = 11
PROGRAM = """
import json, sys, time
text = open(sys.argv[1]).read()
begin = time.perf_counter()
import collections.abc, dataclasses, functools, operator, re, typing
library = time.perf_counter()
from trailbell.rules import Rule
from trailbell.ruleset import RuleSet
imported = time.perf_counter()
RuleSet.compile([Rule.from_json(document) for document in json.loads(text)])
ready = time.perf_counter()
heavy = sorted({"yaml", "pydantic", "orjson", "msgspec", "boto3"} & sys.modules.keys())
print(json.dumps([(library - begin) * 1000, (imported - library) * 1000, (ready - imported) * 1000, heavy]))
"""
"""Run in a fresh interpreter, with `json` already there, as Lambda's runtime has it."""


def run() -> str:
    """Return the section of the report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.json"
        path.write_text(json.dumps([rule.to_json() for rule in make_rules(RULES)]), encoding="utf-8")
        runs = [_start(path) for _ in range(RUNS)]
    heavy = runs[0].heavy
    library = median(run.library_ms for run in runs)
    imports = median(run.import_ms for run in runs)
    building = median(run.build_ms for run in runs)
    rows = [
        ["Python's own `dataclasses`, `re`, `typing`", f"{library:.1f}"],
        ["import `trailbell.rules` and `trailbell.ruleset`", f"{imports:.1f}"],
        [f"read and compile {RULES} rules", f"{building:.1f}"],
        [f"the engine (wanted: at most {TARGET_MS})", f"{imports + building:.1f}"],
        ["all", f"{library + imports + building:.1f}"],
    ]
    introduction = (
        f"Medians of {RUNS} fresh interpreters. Heavy modules loaded: {', '.join(heavy) or 'none'}. Python's own "
        "modules are apart because whatever runs in a Lambda function has loaded them before."
    )
    return "\n\n".join(["## Starting", introduction, table(["", "ms"], rows)])


class Start(NamedTuple):
    """What one interpreter told."""

    library_ms: float
    import_ms: float
    build_ms: float
    heavy: list[str]


def _start(path: Path) -> Start:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        cwd=ROOT / "lambdas",
        check=True,
        capture_output=True,
        text=True,
    )
    return Start(*json.loads(answer.stdout))
