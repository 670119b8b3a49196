"""What the detector itself takes for an event that alerts: everything but the requests to AWS."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.support.packaged import ENVIRONMENT, QUIET_EVENT, STARTER, package
from trailbell import examples

ROUNDS = 500
WANTED_MS = 3
LAUNCH = examples.FOLDER / "run-instances-iam-user.json"
PROGRAM = """
import json, sys, time
from datetime import UTC, datetime
from statistics import median
from types import SimpleNamespace
from trailbell.functions.detector.detector import Detector
from trailbell.functions.detector.meter import Meter
from trailbell.config.model import Config
from trailbell.windows.memory import MemoryStore
from trailbell.pipeline import Pipeline
from trailbell.sources import eventbridge
from trailbell.formats.sns import publication

config = Config.from_json(json.load(open("config.json")))
pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda: datetime.now(UTC))
published = []
detector = Detector(
    receive=eventbridge.receive,
    live=lambda count: pipeline,
    once=lambda claim, act, context: act(),
    remember=lambda pending: json.dumps(pending.to_json()),
    publish=lambda alert: published.append(publication(alert, https_format="json")),
    beat=print,
    meter=Meter(namespace="Trailbell", service="detector", now_seconds=time.time),
)
event = json.loads(sys.argv[1])
times = []
for number in range(int(sys.argv[2])):
    # Another caller each time, or the rule's window would hold the alert back.
    user = {"arn": f"arn:aws:iam::111122223333:user/user-{number}", "userName": f"user-{number}"}
    record = event["detail"]
    detail = {**record, "eventID": f"event-{number}", "userIdentity": {**record["userIdentity"], **user}}
    begin = time.perf_counter()
    detector.handle({**event, "detail": detail}, None)
    times.append(time.perf_counter() - begin)
print(json.dumps([len(published), median(times) * 1000]), file=sys.stderr)
"""


def run() -> str:
    """Return the section of the report."""
    event = QUIET_EVENT | {"detail": json.loads(LAUNCH.read_text(encoding="utf-8"))}
    with tempfile.TemporaryDirectory() as folder:
        package(Path(folder), STARTER)
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, json.dumps(event), str(ROUNDS)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], **ENVIRONMENT},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    published, milliseconds = json.loads(done.stderr.splitlines()[-1])
    if published != ROUNDS:
        raise RuntimeError(f"{published} of {ROUNDS} events alerted")
    text = (
        f"RunInstances with seven resources, {ROUNDS} times: match, read, redact, judge, say, write the message for "
        f"every protocol, its log line and its metrics. Median: **{milliseconds:.2f} ms** (wanted: under {WANTED_MS}). "
        "On top come a claim, a window and its follow-up to come in DynamoDB, and the message to SNS."
    )
    return f"## An event that alerts\n\n{text}"
