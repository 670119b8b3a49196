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

CONFIG = """\
packs: [starter]
destinations:
  email: [soc@example.com]
  slack: {enabled: true}
deployment:
  home_region: us-east-2
  alarm_email: oncall@example.com
"""


def synthesise(folder: Path, config: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run app.py as `cdk synth` does, offline and without credentials."""
    config_file = folder / "trailbell.yaml"
    config_file.write_text(config, encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
    environment |= {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")]),
        "CDK_OUTDIR": str(folder / "cdk.out"),
        "CDK_CONTEXT_JSON": json.dumps({"config": str(config_file)}),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth")
    done = synthesise(folder, CONFIG)
    assert done.returncode == 0, done.stderr
    return folder / "cdk.out"


@pytest.fixture(scope="session")
def hub(assembly: Path) -> Template:
    template: Template = json.loads((assembly / "Trailbell.template.json").read_text(encoding="utf-8"))
    return template


@pytest.fixture(scope="session")
def forwarder(assembly: Path) -> Template:
    text = (assembly / "Trailbell-Forwarder-us-east-1.template.json").read_text(encoding="utf-8")
    template: Template = json.loads(text)
    return template
