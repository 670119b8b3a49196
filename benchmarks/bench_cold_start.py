"""What a cold start of the detector takes, beside what AWS's own library takes."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.support.measure import table
from benchmarks.support.packaged import ALL_PACKS, ENVIRONMENT, QUIET_EVENT, STARTER, package

RUNS = 15
ALONE_MS = 60
"""Wanted at most, without an AWS client."""
RATIO = 1.25
"""Wanted at most, with clients, over boto3 and the clients alone."""
CLIENTS = 'import boto3\nboto3.client("sns")\nboto3.client("dynamodb")\n'
PROGRAM = """
import json, sys, time
import awslambdaric.bootstrap
from types import SimpleNamespace
marks = [time.perf_counter()]
{steps}
print(json.dumps([(after - before) * 1000 for before, after in zip(marks, marks[1:])]), file=sys.stderr)
"""
"""Run in a fresh interpreter that has loaded what Lambda's runtime loads."""
MARK = "marks.append(time.perf_counter())\n"
FLOOR = CLIENTS + MARK
DETECTOR = f"""
import os
del os.environ["AWS_LAMBDA_FUNCTION_NAME"]  # by it, all would be loaded ahead: see "The first event of a sandbox"
from detector import handler as module
{MARK}
content = open("config.json", "rb").read()
module.AppConfig = lambda *_, **__: SimpleNamespace(read=lambda: content)
context = SimpleNamespace(
    function_name="detector", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="id"
)
module.handler(json.loads(sys.argv[1]), context)
{MARK}
assert "botocore.client" not in sys.modules
{CLIENTS}
{MARK}
from aws_lambda_powertools.utilities.parameters import AppConfigProvider
AppConfigProvider(environment="e", application="a", boto3_client=boto3.client("appconfigdata"))
{MARK}
"""


def run() -> str:
    """Return the section of the report."""
    with tempfile.TemporaryDirectory() as scratch:
        folders = {packs: Path(scratch) / "-".join(packs) for packs in (STARTER, ALL_PACKS)}
        rules = {packs: package(folder, packs) for packs, folder in folders.items()}
        starts: dict[tuple[str, ...], list[list[float]]] = {packs: [] for packs in folders}
        floors: list[float] = []
        for number in range(RUNS + 1):
            floor = sum(_start(FLOOR, folders[STARTER]))
            found = {packs: _start(DETECTOR, folder) for packs, folder in folders.items()}
            if number:  # the first run fills the caches
                floors.append(floor)
                for packs, marks in found.items():
                    starts[packs].append(marks)
    columns = [_column(starts[packs], floors) for packs in folders]
    names = (
        "import the detector",
        "its first event, which no rule matches: read the config, compile the rules, match",
        f"**without an AWS client** (wanted: at most {ALONE_MS})",
        "on top: import boto3, make the SNS and DynamoDB clients",
        "**with them**",
        "boto3 and these clients alone, in the same minute",
        f"**times as long** (wanted: at most {RATIO})",
        "further on top: the client that asks AppConfig for the live config",
    )
    rows = [[name, *values] for name, values in zip(names, zip(*columns, strict=True), strict=True)]
    introduction = (
        f"Medians of {RUNS} fresh interpreters each, turn by turn, with the bytecode of earlier runs and with Lambda's "
        "runtime loaded before. A deployed detector asks AppConfig before its first event, alerting or not: boto3 and "
        "that one client are its price, and two requests; an event in a warm sandbox pays nothing of all this."
    )
    head = [
        "ms",
        *(f"{' + '.join(packs) if packs == STARTER else 'all packs'}, {rules[packs]} rules" for packs in folders),
    ]
    return "\n\n".join(["## A cold start", introduction, table(head, rows)])


def _column(starts: list[list[float]], floors: list[float]) -> list[str]:
    loading, event, clients, app_config = (median(marks) for marks in zip(*starts, strict=True))
    alone = median(marks[0] + marks[1] for marks in starts)
    whole = median(sum(marks[:3]) for marks in starts)
    ratio = median(sum(marks[:3]) / floor for marks, floor in zip(starts, floors, strict=True))
    return [
        *(f"{value:.0f}" for value in (loading, event, alone, clients, whole, median(floors))),
        f"{ratio:.2f}",
        f"{app_config:.0f}",
    ]


def _start(steps: str, folder: Path) -> list[float]:
    """Run the steps in an interpreter of their own, and return how long each took, in milliseconds."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(steps=steps), json.dumps(QUIET_EVENT)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **ENVIRONMENT},
        check=True,
        capture_output=True,
        text=True,
    )
    marks: list[float] = json.loads(done.stderr.splitlines()[-1])
    return marks
