"""import-linter refuses what the layout forbids: each of these is planted in a copy of the checkout."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localaws.assembly import copy_checkout
from localaws.ministack import PROJECT_ROOT

PLANTED = {
    "a notifier that imports the detector, which its package does not have": (
        "lambdas/notifier/queue.py", "import trailbell.functions.detector.detector", "A function knows no other function",
    ),
    "boto3 in the module that reads the hosted config": (
        "src/trailbell/config/hosted.py", "import boto3", "Only what is named after a service of AWS talks to one",
    ),
    "a stack that knows the pipeline": (
        "infra/hub_stack.py", "import trailbell.pipeline", "Of the library, the stacks know the contract alone",
    ),
    "a stage that knows another": (
        "src/trailbell/windows/judge.py", "import trailbell.facts.reader", "Rooms are in layers",
    ),
    "a contract that knows the library": (
        "src/trailbell/contract/names.py", "import trailbell.errors", "Rooms are in layers",
    ),
    "a room that nobody has put into a layer": (
        "src/trailbell/somewhere.py", '"""A new room."""', "Rooms are in layers",
    ),
}  # fmt: skip
"""What is planted -> file, line, and the contract that is broken."""
LINT = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_checkout(tmp_path_factory.mktemp("contracts") / "checkout")
    shutil.copy(PROJECT_ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def planted(checkout: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    name, line, contract = PLANTED[request.param]
    file = checkout / name
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before}\n{line}\n" if before else f"{line}\n", encoding="utf-8")
    yield contract
    if before is None:
        file.unlink()
    else:
        file.write_text(before, encoding="utf-8")


def lint(checkout: Path) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src"), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", LINT], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_without_them_all_contracts_are_kept(checkout: Path) -> None:
    code, said = lint(checkout)
    assert code == 0, said


@pytest.mark.parametrize("planted", PLANTED, indirect=True)
def test_it_is_refused(checkout: Path, planted: str) -> None:
    code, said = lint(checkout)
    assert code == 1
    broken = [line for line in said.splitlines() if " BROKEN" in line]
    assert any(line.startswith(planted) for line in broken), said
