"""The examples of docs/cli.md that need a deployment: blocks that begin with ```console aws."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from localaws.deployment import Deployment
from trailbell.cli.main import app

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console aws\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = re.findall(r"^\$ (trailbell .*)$", "\n".join(BLOCKS), re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_docs_runs_against_a_deployment(
    example: str, deployment: Deployment, config_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in deployment.aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TRAILBELL_CONFIG", str(config_file))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, shlex.split(example)[1:], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
