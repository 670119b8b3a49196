"""What a cold start must not pay for, and what the library must not reach."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NETWORK = {"boto3", "botocore", "aws_lambda_powertools", "urllib.request", "http.client", "socket", "ssl", "asyncio"}
READERS = {"reader", "role_session", "user_agent", "root", "iam_user"}
"""Of `trailbell.read`: what compiles patterns, or is about other types."""
HEAVY = {"yaml", "pydantic", "orjson", "msgspec", "typer", "rich"}


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys, json; print(json.dumps(sorted(sys.modules)))"
    # Coverage, which measures other programs of the tests, too, loads modules of its own.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=unmeasured, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


ALERTING = {"trailbell.facts.reader", "trailbell.redact", "trailbell.alert", "trailbell.windows.judge"}
RUN = """
import ast
import json
from datetime import UTC, datetime
from trailbell.config.model import Config
from trailbell.windows.memory import MemoryStore
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Rule
from trailbell.sources.interface import SourcedRecord

source = Pattern.parse({"eventSource": ["ec2.amazonaws.com"]})
rule = Rule(id="all", title="All", severity="low", match=source)
clock = lambda: datetime(2026, 3, 2, tzinfo=UTC)
pipeline = Pipeline.from_config(Config(version="v", rules=(rule,)), store=MemoryStore(), clock=clock)
record = json.load(open("tests/events/run-instances-iam-user.json"))
"""


def test_the_pipeline_reaches_no_network_and_no_aws() -> None:
    loaded = modules_after(RUN + "alerts = pipeline.run(SourcedRecord.of(record)); assert len(alerts) == 1")
    assert loaded >= ALERTING - {"trailbell.facts.reader"}
    assert loaded & (NETWORK | HEAVY) == set()


def test_an_event_that_does_not_alert_needs_no_aws_client() -> None:
    loaded = modules_after("import trailbell.functions.detector.handler")
    assert "trailbell.functions.detector.handler" in loaded
    assert loaded & ({"boto3", "botocore.session", "botocore.client"} | HEAVY) == set()


def test_an_event_that_no_rule_is_about_needs_nothing_of_what_makes_an_alert() -> None:
    record = "record | {'eventSource': 'iam.amazonaws.com'}"
    loaded = modules_after(
        "import trailbell.functions.detector.handler\n" + RUN + f"assert not pipeline.find(SourcedRecord.of({record}))"
    )
    assert loaded & ALERTING == set()


def test_the_detectors_source_brings_none_that_people_ask() -> None:
    loaded = modules_after("from trailbell.sources.registry import load_source; load_source('eventbridge').receive")
    of_sources = {name.removeprefix("trailbell.sources.") for name in loaded if name.startswith("trailbell.sources.")}
    assert of_sources == {"eventbridge", "interface", "registry"}
    assert loaded & (NETWORK | HEAVY) == set()


def test_the_words_for_an_identity_type_bring_none_of_what_reads_records() -> None:
    types = "trailbell.read.principal.registry"
    loaded = modules_after(
        f"import trailbell.words.view; from {types} import find_identity_type as find; find('AssumedRole')"
    )
    assert "trailbell.read.principal.types.assumed_role" in loaded
    assert not [name for name in loaded if name.startswith("trailbell.read.") and name.rpartition(".")[2] in READERS]


def test_the_contract_imports_nothing_else() -> None:
    for file in (ROOT / "src" / "trailbell" / "contract").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        foreign = {
            name
            for name in imported
            if not name.startswith("trailbell.contract") and name.partition(".")[0] not in sys.stdlib_module_names
        }
        assert foreign == set(), file
