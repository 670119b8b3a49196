"""Adding a service is its file and a line in the registry: a copy of the package gets one, and alerts know it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import trailbell

PACKAGE = Path(trailbell.__file__).parent
ELSEWHERE = shutil.ignore_patterns("functions", "infra", "examples")
FILE = '''\
"""Teapots: `teapots.amazonaws.com`."""

from trailbell.aws.service import Service
from trailbell.call.lookup import Call, clip


def pour(call: Call) -> str | None:
    """Tell how many cups."""
    pot, cups = call.value("potId"), call.values("cups")
    return f"pour {len(cups)} cups from {clip(pot)}" if pot else None


SERVICE = Service(
    source="teapots",
    name="Elastic Teapots",
    members={"AWS::Teapot::Pot": "potid ^name"},
    arn_types={"pot": "AWS::Teapot::Pot"},
    id_types={"pot": "AWS::Teapot::Pot"},
    pages={"AWS::Teapot::Pot": "teapots/home?region={region}#/pots/{id}"},
    sentences={"CreatePot": "create pot {name} of {material}", "PourTea": pour},
    undo={"CreatePot": "teapots delete-pot --pot-id {>pot.potId}"},
)
'''
LINE = '    "teapots": Line("teapots", types="Teapot", ids="pot"),\n'
RUN = """
import json, sys
from datetime import UTC, datetime
from trailbell.config.model import Config
from trailbell.formats.document import to_document
from trailbell.formats.text import text
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Rule
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore

record = json.load(sys.stdin)
rule = Rule(id="pots", title="Pots", severity="low", match=Pattern.parse({"eventSource": [record["eventSource"]]}))
config = Config(version="v", rules=(rule,))
pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))
(alert,) = pipeline.run(SourcedRecord.of(record))
print(json.dumps({"text": text(alert), **to_document(alert)}))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a copy of the package, with the service's file and line."""
    folder = tmp_path_factory.mktemp("with-teapots")
    shutil.copytree(PACKAGE, folder / "trailbell", ignore=ELSEWHERE)
    aws = folder / "trailbell" / "aws"
    (aws / "services" / "teapots.py").write_text(FILE, encoding="utf-8")
    registry = (aws / "registry.py").read_text(encoding="utf-8")
    last = '    "workspaces": Line("workspaces"),\n'
    assert registry.count(last) == 1
    (aws / "registry.py").write_text(registry.replace(last, LINE + last), encoding="utf-8")
    return folder


def alert_of(package: Path, **record: Any) -> dict[str, Any]:
    """Return the alert's document, and its text, as the package in that folder makes them."""
    called = {
        "eventTime": "2026-03-02T09:14:11Z",
        "awsRegion": "eu-central-1",
        "eventID": "e-1",
        "recipientAccountId": "111122223333",
        "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333"},
        **record,
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps(called),
        env={**os.environ, "PYTHONPATH": str(package)},
        cwd=package,
        capture_output=True,
        text=True,
        check=True,
    )
    made: dict[str, Any] = json.loads(done.stdout)
    return made


CREATED = {
    "eventSource": "teapots.amazonaws.com",
    "eventName": "CreatePot",
    "requestParameters": {"name": "brown-betty", "material": "clay"},
    "responseElements": {"pot": {"potId": "pot-0123456789abcdef0"}},
}


def test_a_new_service_has_its_name_its_resources_its_page_its_sentence_and_its_undo(package: Path) -> None:
    alert = alert_of(package, **CREATED)
    assert alert["event"]["service"] == "Elastic Teapots"
    assert "Elastic Teapots (teapots.amazonaws.com)" in alert["text"]
    assert alert["summary"] == "alice created pot brown-betty of clay"
    pot, console = (
        "pot-0123456789abcdef0",
        "https://eu-central-1.console.aws.amazon.com/teapots/home?region=eu-central-1",
    )
    assert [(found["type"], found["id"], found["role"], found["url"]) for found in alert["resources"]] == [
        ("AWS::Teapot::Pot", pot, "created", f"{console}#/pots/{pot}"),
        ("AWS::Teapot::Pot", "brown-betty", "created", f"{console}#/pots/brown-betty"),
    ]
    assert alert["undo"] == f"aws teapots delete-pot --pot-id {pot} --region eu-central-1"


def test_a_new_service_tells_by_a_function_what_no_template_can(package: Path) -> None:
    poured = {**CREATED, "eventName": "PourTea", "requestParameters": {"potId": "betty", "cups": ["a", "b"]}}
    assert alert_of(package, **poured)["summary"] == "alice poured 2 cups from betty"


def test_a_new_service_s_arns_and_ids_are_typed_in_records_of_other_services(package: Path) -> None:
    named = {"one": "arn:aws:teapots:eu-central-1:111122223333:pot/betty", "other": "pot-0123456789abcdef0"}
    alert = alert_of(package, eventSource="support.amazonaws.com", eventName="CreateCase", requestParameters=named)
    found = {(resource["type"], resource["id"]) for resource in alert["resources"]}
    assert found == {("AWS::Teapot::Pot", "betty"), ("AWS::Teapot::Pot", "pot-0123456789abcdef0")}


def test_without_its_line_the_service_is_not_known() -> None:
    alert = alert_of(PACKAGE.parent, **CREATED)
    assert (alert["event"]["service"], alert["undo"]) == ("teapots", None)
    assert alert["summary"] == "alice called CreatePot (teapots)"
