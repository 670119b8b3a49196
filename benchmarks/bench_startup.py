"""What a cold start pays for the engine: importing it, and 150 rules from the compiled JSON form."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.support.corpus import ROOT, make_rules
from benchmarks.support.measure import table

RULES = 150
TARGET_MS = 25
RUNS = 11
PROGRAM = """
import json, sys, time
text = open(sys.argv[1]).read()
begin = time.perf_counter()
import collections.abc, dataclasses, functools, operator, re, typing
library = time.perf_counter()
from trailbell.rule import Rule
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
        rules, cache = Path(folder) / "rules.json", Path(folder) / "bytecode"
        rules.write_text(json.dumps([rule.to_json() for rule in make_rules(RULES)]), encoding="utf-8")
        _start(rules, cache)  # fills the cache
        starts = [_start(rules, cache) for _ in range(RUNS)]
    library = median(start.library_ms for start in starts)
    imports = median(start.import_ms for start in starts)
    building = median(start.build_ms for start in starts)
    rows = [
        ["Python's own `dataclasses`, `re`, `typing`", f"{library:.1f}"],
        ["import `trailbell.rule` and `trailbell.ruleset`", f"{imports:.1f}"],
        [f"read and compile {RULES} rules", f"{building:.1f}"],
        [f"all (wanted: at most {TARGET_MS})", f"{library + imports + building:.1f}"],
    ]
    introduction = (
        f"Medians of {RUNS} fresh interpreters with the bytecode of earlier runs; without, Python compiles its sources "
        f"at each start. Heavy modules loaded: {', '.join(starts[0].heavy) or 'none'}."
    )
    return "\n\n".join(["## Starting", introduction, table(["", "ms"], rows)])


class Start(NamedTuple):
    """What one interpreter told."""

    library_ms: float
    import_ms: float
    build_ms: float
    heavy: list[str]


def _start(rules: Path, cache: Path) -> Start:
    """Start an interpreter that keeps its bytecode in the folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(rules)],
        cwd=ROOT,
        env=environment | {"PYTHONPYCACHEPREFIX": str(cache)},
        check=True,
        capture_output=True,
        text=True,
    )
    return Start(*json.loads(answer.stdout))
