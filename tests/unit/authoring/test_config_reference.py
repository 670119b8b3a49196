"""The JSON Schema and the tables of the documentation are current, and say what the reader does."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.authoring.reading import TODAY, Load
from trailbell.authoring import load_config
from trailbell.authoring.shape.reference import insert_tables, table_names
from trailbell.authoring.shape.schema import config_schema
from trailbell.cli.init import starter_config

ROOT = Path(__file__).resolve().parents[3]
STARTER = starter_config()
PAGE = ROOT / "docs" / "configuration.md"
_SAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


def samples() -> list[str]:
    return _SAMPLE.findall(PAGE.read_text(encoding="utf-8"))


def walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def test_the_schema_and_the_page_are_current() -> None:
    script = ROOT / "scripts" / "generate_config_reference.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    schema = config_schema()
    targets = {part["$ref"] for part in walk(schema) if isinstance(part.get("$ref"), str)}
    assert {target.removeprefix("#/$defs/") for target in targets} <= schema["$defs"].keys()


def test_the_schema_knows_the_fields_of_a_record() -> None:
    pattern = config_schema()["$defs"]["EventPattern"]
    assert pattern["additionalProperties"] is False
    assert {"eventName", "sourceIPAddress", "userIdentity", "trailbell", "$or"} <= pattern["properties"].keys()
    assert "mfa" in pattern["properties"]["trailbell"]["properties"]["principal"]["properties"]


def test_the_starter_config_names_the_schema_beside_it() -> None:
    first = STARTER.splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads((ROOT / "config" / name).read_text(encoding="utf-8")) == config_schema()


def test_the_tables_are_made_of_the_model() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert insert_tables(page) == page
    assert "| `match` | event pattern | required |" in page


def test_every_table_is_on_the_page() -> None:
    assert set(re.findall(r"<!-- table: ([a-z_]+) -->", PAGE.read_text(encoding="utf-8"))) == set(table_names())


def test_every_top_level_key_is_explained_in_prose() -> None:
    headings = re.findall(r"^##+ (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    keys = set(config_schema()["properties"])
    assert keys <= set(re.findall(r"`(\w+)`", " ".join(headings)))


@pytest.mark.parametrize("text", samples())
def test_every_sample_of_the_page_is_valid(load: Load, text: str) -> None:
    """Samples that name rules of packs are read with the starter pack on."""
    document = yaml.safe_load(text)
    whole = text if "packs" in document else f"packs: [starter]\n{text}"
    assert [str(warning) for warning in load(whole).warnings] == []


def test_the_starter_config_shows_every_key() -> None:
    shown = set(re.findall(r"^(?:# )?([a-z_]+):", STARTER, re.MULTILINE))
    assert shown >= set(config_schema()["properties"])


def test_the_starter_config_is_valid_with_everything_in_it_switched_on(tmp_path: Path) -> None:
    lines = [re.sub(r"^# ?(?=( {2,}|[a-z_]+:))|(?<=^    )# ", "", line) for line in STARTER.splitlines()[1:]]
    path = tmp_path / "trailbell.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    loaded = load_config(path, today=TODAY)
    assert loaded.config.names.accounts
    assert loaded.config.routes
    assert loaded.config.suppressions
    assert loaded.config.destinations.of("slack").channel == "#alerts"
