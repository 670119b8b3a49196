"""What the detector logs: who reads its log group reads no secret, whatever becomes of the event."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SECRET = "Zq8Lr2Vx7Tn4Kp9Wd3Hs6Jf1"
HANDLE = """
import json, sys
from datetime import UTC, datetime
from trailbell.functions.detector.detector import Detector, logger
from trailbell.functions.detector.meter import Meter
from trailbell.config.model import Config
from trailbell.errors import DeliveryError
from trailbell.windows.memory import MemoryStore
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.sources import eventbridge
from trailbell.rule import Rule

rule = Rule(id="all", title="All", severity="low", match=Pattern.parse({"eventID": [{"exists": True}]}))
pipeline = Pipeline.from_config(
    Config(version="v", rules=(rule,)), store=MemoryStore(), clock=lambda: datetime(2026, 3, 2, tzinfo=UTC)
)

def publish(alert):
    if sys.argv[1] == "undelivered":
        raise DeliveryError("topic out of order")

meter = Meter(namespace="Trailbell", service="detector", now_seconds=lambda: 0)
detector = Detector(receive=eventbridge.receive, live=lambda count: pipeline, once=lambda finding, act, context: act(), remember=print, publish=publish, beat=print, meter=meter)
try:
    detector.handle(json.load(sys.stdin), None)
except Exception as error:
    logger.exception("as Lambda logs it")
"""


def log_of(event: object, what: str = "delivered") -> str:
    """Run the detector in a process of its own, whose output is what CloudWatch Logs would get."""
    done = subprocess.run(
        [sys.executable, "-c", HANDLE, what], cwd=ROOT, input=json.dumps(event), capture_output=True, text=True,
        check=True, env={"POWERTOOLS_SERVICE_NAME": "detector"},
    )  # fmt: skip
    return done.stdout + done.stderr


def event(**record: Any) -> dict[str, Any]:
    planted = {
        "eventID": "e-1",
        "eventName": "CreateThing",
        "eventSource": "example.amazonaws.com",
        "userAgent": f"curl -H 'Authorization: Bearer {SECRET}'",
        "errorMessage": f"password={SECRET}",
        "requestParameters": {"password": SECRET, "userData": SECRET, "note": f"postgresql://a:{SECRET}@db/x"},
        "responseElements": {"credentials": {"sessionToken": SECRET, "secretAccessKey": SECRET}},
    }
    return {"source": "aws.example", "detail-type": "AWS API Call via CloudTrail", "detail": planted | record}


@pytest.mark.parametrize("what", ["delivered", "undelivered"])
def test_no_secret_reaches_the_log(what: str) -> None:
    log = log_of(event(), what)
    assert "e-1/all" in log
    assert SECRET not in log


def test_no_secret_reaches_the_log_with_an_event_that_cannot_be_read() -> None:
    log = log_of(event(eventName=None))
    assert "no eventName" in log
    assert SECRET not in log
