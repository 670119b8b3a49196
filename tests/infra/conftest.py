"""Synthesises the app once for all tests of this folder, in a process of its own, as the CDK CLI does."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
Template = dict[str, Any]
Synthesis = tuple[subprocess.CompletedProcess[str], Path]
"""What the process said, and the assembly's folder."""

CONFIG = """\
packs: [starter]
destinations:
  email: [soc@example.com]
  slack: {enabled: true}
deployment:
  home_region: us-east-2
  alarm_email: oncall@example.com
"""


LEFT_OUT = ("AWS_", "CDK_", "PYTHONDONTWRITEBYTECODE")
"""Of the environment. Where no bytecode is kept, every synth compiles the CDK anew: a third of its time."""


def synthesise(folder: Path, config: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Write a config, and run app.py with it into the folder's `cdk.out`."""
    config_file = folder / "trailbell.yaml"
    config_file.write_text(config, encoding="utf-8")
    return run_app(ROOT, config_file, CDK_OUTDIR=str(folder / "cdk.out"), **variables)


def run_app(project: Path, config: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a checkout's app.py as `cdk synth` does, offline and without credentials."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(LEFT_OUT)}
    environment |= {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")]),
        "CDK_OUTDIR": str(project / "cdk.out"),
        "CDK_CONTEXT_JSON": json.dumps({"config": str(config)}),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


class Syntheses:
    """Synthesises each config once, however many tests ask for it."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._done: dict[tuple[str, frozenset[tuple[str, str]]], Synthesis] = {}

    def of(self, config: str, **variables: str) -> Synthesis:
        """Return what became of a config."""
        wanted = (config, frozenset(variables.items()))
        if wanted not in self._done:
            folder = self._factory.mktemp("synth")
            self._done[wanted] = (synthesise(folder, config, **variables), folder / "cdk.out")
        return self._done[wanted]

    def hub(self, config: str) -> Template:
        """Return the hub's template."""
        done, assembly = self.of(config)
        assert done.returncode == 0, done.stderr
        template: Template = json.loads((assembly / "Trailbell.template.json").read_text(encoding="utf-8"))
        return template


@pytest.fixture(scope="session")
def syntheses(tmp_path_factory: pytest.TempPathFactory) -> Syntheses:
    return Syntheses(tmp_path_factory)


@pytest.fixture(scope="session")
def assembly(syntheses: Syntheses) -> Path:
    done, folder = syntheses.of(CONFIG)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def hub(assembly: Path) -> Template:
    template: Template = json.loads((assembly / "Trailbell.template.json").read_text(encoding="utf-8"))
    return template


@pytest.fixture(scope="session")
def forwarder(assembly: Path) -> Template:
    text = (assembly / "Trailbell-Forwarder-us-east-1.template.json").read_text(encoding="utf-8")
    template: Template = json.loads(text)
    return template
