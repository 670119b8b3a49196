"""What a cold start pays for the live config: boto3, a client, and reading every shipped rule."""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.corpus import ROOT
from benchmarks.measure import table
from trailbell.authoring import load_config
from trailbell.compiled import write_compiled

RUNS = 7
STEPS = (
    "import the detector, as ever",
    "import boto3, which an event that alerts needs anyway",
    "import Powertools' AppConfig provider and make its client",
    "read the config from its JSON",
    "compile its rules",
)
PROGRAM = """
import json, sys, time
content = open(sys.argv[1], "rb").read()
marks = [time.perf_counter()]
import detector.handler
marks.append(time.perf_counter())
import boto3
marks.append(time.perf_counter())
from aws_lambda_powertools.utilities.parameters import AppConfigProvider
client = boto3.client("appconfigdata", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
AppConfigProvider(environment="e", application="a", boto3_client=client)
marks.append(time.perf_counter())
from trailbell.hosted import read_hosted
config = read_hosted(content)
marks.append(time.perf_counter())
detector.handler.Pipeline.from_config(config, store=None, clock=None)
marks.append(time.perf_counter())
print(json.dumps([(after - before) * 1000 for before, after in zip(marks, marks[1:])]))
"""


def run() -> str:
    """Return the section of the report."""
    packs = sorted(folder.name for folder in (ROOT / "config" / "packs").iterdir() if folder.is_dir())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trailbell.yaml"
        file.write_text(json.dumps({"packs": packs}), encoding="utf-8")
        config = load_config(file, packs_dir=ROOT / "config" / "packs", today=datetime.now(UTC).date()).config
        content = Path(folder) / "config.json"
        size = content.write_bytes(write_compiled(config))
        cache = Path(folder) / "bytecode"
        _start(content, cache)  # fills the cache
        starts = [_start(content, cache) for _ in range(RUNS)]
    rows = [[step, f"{median(start[number] for start in starts):.0f}"] for number, step in enumerate(STEPS)]
    introduction = (
        f"Medians of {RUNS} fresh interpreters, with all {len(config.rules)} shipped rules: {size:,} bytes of JSON. "
        "Two requests to AppConfig come on top. Warm, an event pays nothing; one in 20 seconds asks AppConfig whether "
        "there is a newer version, and only a newer one is read and compiled."
    )
    return "\n\n".join(["## Live config at a cold start", introduction, table(["", "ms"], rows)])


def _start(content: Path, cache: Path) -> list[float]:
    """Start an interpreter that keeps its bytecode in the folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(content)],
        cwd=ROOT / "lambdas",
        env=environment | {"PYTHONPYCACHEPREFIX": str(cache)},
        check=True,
        capture_output=True,
        text=True,
    )
    marks: list[float] = json.loads(answer.stdout)
    return marks
