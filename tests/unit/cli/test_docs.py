"""docs/cli.md names every command and option, and its examples run.

Examples in blocks that begin with ```console run here, offline. Those that need a deployment stand in blocks that begin
with ```console aws, and run in tests/e2e/test_docs.py.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from trailbell import packs
from trailbell.cli.main import app

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Return every command that does something, with its whole name."""
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
    for child, inner in (children or {}).items():
        yield from commands(inner, f"{name} {child}")


COMMANDS = dict(commands(typer.main.get_command(app), "trailbell"))
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = re.findall(r"^\$ (trailbell .*)$", "\n".join(BLOCKS), re.MULTILINE)


def section(name: str) -> str:
    found = re.search(rf"^## `{name}`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_and_an_example(name: str) -> None:
    assert f"$ {name}" in section(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    common = PAGE.split("\n## ", 1)[0]
    options = {
        option
        for parameter in COMMANDS[name].params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
    assert {option for option in options if f"`{option}" not in section(name) + common} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_by_example_in_its_help(name: str) -> None:
    result = CliRunner().invoke(app, [*name.split()[1:], "--help"])
    assert result.exit_code == 0
    assert re.search(rf"Examples?:\s+{name}", result.stdout)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_runs(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout with the shipped starter pack and its records."""
    shutil.copytree(packs.FOLDER / "starter", tmp_path / "config" / "packs" / "starter")
    for records in ("events", "sigma"):
        shutil.copytree(ROOT / "tests" / records, tmp_path / "tests" / records)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAILBELL_CONFIG", raising=False)
    if not example.startswith("trailbell init"):
        assert CliRunner().invoke(app, ["init"]).exit_code == 0
    result = CliRunner().invoke(app, shlex.split(example)[1:], catch_exceptions=False)
    assert (result.exit_code, result.stderr.count("error")) == (0, 0)
