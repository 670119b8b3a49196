"""What a cold start must not pay for, and what the library must not reach."""

import json
import subprocess
import sys
from pathlib import Path

LAMBDAS = Path(__file__).resolve().parents[2] / "lambdas"
NETWORK = {"boto3", "botocore", "aws_lambda_powertools", "urllib.request", "http.client", "socket", "ssl", "asyncio"}
HEAVY = {"yaml", "pydantic", "orjson", "msgspec", "typer", "rich"}


def modules_after(statement: str) -> set[str]:
    code = f"{statement}; import sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=LAMBDAS, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_the_pipeline_reaches_no_network_and_no_aws() -> None:
    loaded = modules_after("import trailbell.pipeline, trailbell.config")
    assert "trailbell.pipeline" in loaded
    assert loaded & (NETWORK | HEAVY) == set()


def test_an_event_that_does_not_alert_needs_no_aws_client() -> None:
    loaded = modules_after("import detector.handler")
    assert "detector.handler" in loaded
    assert loaded & ({"boto3", "botocore.session", "botocore.client"} | HEAVY) == set()
