"""What the first event of a new sandbox waits for, by what the init phase has done ahead of it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.support.aws_stand_in import AwsStandIn
from benchmarks.support.measure import table
from benchmarks.support.packaged import ENVIRONMENT, QUIET_EVENT, STARTER, package
from benchmarks.support.throttled import Unlimited, limit
from trailbell import examples

RUNS = 5
MEMORY_MB = 512
"""What infra/base/function.py gives every function."""
ROOT = Path(__file__).resolve().parents[1]
ALERTING_EVENT = {
    **QUIET_EVENT,
    "detail": json.loads((examples.FOLDER / "stop-logging-iam-user.json").read_text(encoding="utf-8")),
}
BOTO3 = "import boto3\nfrom trailbell.runtime.clients import connect\nconnect('appconfigdata')\n"
CLIENTS = "connect('dynamodb'), connect('sns')\nimport aws_lambda_powertools.utilities.idempotency\n"
ALERTS = (
    "import trailbell.alert, trailbell.facts.reader, trailbell.follow_up, trailbell.formats.sns\n"
    "import trailbell.windows.judge\n"
)
RULES = (
    "from trailbell.config.model import Config\nfrom trailbell.pipeline import Pipeline\n"
    "Pipeline.from_config(Config.from_json(json.load(open('config.json'))), store=None, clock=None)\n"
)
AHEAD: Mapping[str, str] = {
    "nothing but the handler's own imports": "",
    "boto3 and AppConfig's client": BOTO3,
    "the clients of DynamoDB and SNS besides": BOTO3 + CLIENTS,
    "what makes an alert besides": BOTO3 + CLIENTS + ALERTS,
    "the rules besides": BOTO3 + CLIENTS + ALERTS + RULES,
}
AS_DEPLOYED = "as deployed"
PROGRAM = """
import json, sys, time
import awslambdaric.bootstrap
from types import SimpleNamespace
event = json.loads(sys.argv[1])
start = time.perf_counter()
from trailbell.functions.detector.handler import handler
{ahead}
init = time.perf_counter() - start
print("ready", flush=True)
sys.stdin.readline()
context = SimpleNamespace(
    function_name="detector", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="id",
    get_remaining_time_in_millis=lambda: 30_000,
)
start = time.perf_counter()
handler(event, context)
print(json.dumps([init * 1000, (time.perf_counter() - start) * 1000]), file=sys.stderr)
"""
LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"
"""By it the handler knows that it is in Lambda: without it, nothing is done ahead but what a row says."""


def run() -> str:
    """Return the section of the report."""
    heading = "## The first event of a sandbox"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rules = package(folder, STARTER)
        try:
            with AwsStandIn((folder / "config.json").read_bytes()) as aws:
                rows = _rows(folder, aws.url)
        except Unlimited as error:
            return f"{heading}\n\nNot measured: {error}."
    introduction = (
        f"Lambda gives a sandbox all CPU while it starts, and a function of {MEMORY_MB} MB 0.29 of a core then on; "
        f"so does this measurement, by a CPU group. Medians of {RUNS} fresh interpreters each, in turn, with the "
        f"starter pack ({rules} rules) and a stand-in for AppConfig, DynamoDB and SNS that answers at once. "
        "Done ahead of the event:"
    )
    head = ["ms", "init phase", "then an event that no rule matches", "or one that alerts", "both, alerting"]
    return "\n\n".join([heading, introduction, table(head, rows)])


def _rows(folder: Path, url: str) -> list[list[str]]:
    variants = {**AHEAD, AS_DEPLOYED: ""}
    times: dict[str, list[tuple[float, float, float]]] = {name: [] for name in variants}
    for number in range(RUNS + 1):
        for name, ahead in variants.items():
            (init, quiet), (_, alerting) = (
                _start(folder, ahead, event, url, in_lambda=name == AS_DEPLOYED)
                for event in (QUIET_EVENT, ALERTING_EVENT)
            )
            if number:  # the first run fills the caches
                times[name].append((init, quiet, alerting))
    return [
        [name, *(f"{median(column):.0f}" for column in zip(*found, strict=True)),
         f"{median(init + alerting for init, _, alerting in found):.0f}"]
        for name, found in times.items()
    ]  # fmt: skip


def _start(folder: Path, ahead: str, event: Mapping[str, Any], url: str, *, in_lambda: bool) -> tuple[float, float]:
    """Start an interpreter, let it get ready, take its CPU away, hand it the event. Return both times, in ms."""
    environment = {"PATH": os.environ["PATH"], **ENVIRONMENT, "AWS_ENDPOINT_URL": url}
    if not in_lambda:
        del environment[LAMBDA]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(ahead=ahead), json.dumps(event)],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if process.stdout is None or process.stdout.readline() != "ready\n":
        raise RuntimeError(process.communicate()[1])
    limit(process.pid, MEMORY_MB)
    _, said = process.communicate("go\n", timeout=60)
    if process.returncode:
        raise RuntimeError(said)
    init, first = json.loads(said.splitlines()[-1])
    return init, first


if __name__ == "__main__":
    print(run())
