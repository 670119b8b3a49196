"""What is packaged for Lambda."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from trailbell.infra.base import bundling

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of one function that prints, without requirements."""
    for package in ("library", "lambdas", "lambdas/printer"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("")
    (tmp_path / "lambdas" / "printer" / "handler.py").write_text('print("as packaged")\n')
    requirements = tmp_path / "requirements"
    requirements.mkdir()
    (requirements / ".digest").write_text("none")
    monkeypatch.setattr(bundling, "install_requirements", lambda _: requirements)
    monkeypatch.setattr(bundling, "LIBRARY", tmp_path / "library")
    monkeypatch.setattr(bundling, "FUNCTIONS", tmp_path / "lambdas")
    return tmp_path


def packaged(project: Path) -> Path:
    bundling.bundle(project / ".build", "printer", {"config.json": "{}"})
    (package,) = (project / ".build").glob("printer-*")
    return package


def test_bytecode_goes_along_where_synth_runs_on_lambdas_python_and_is_used_whatever_the_sources_times(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundling, "RUNTIME_PYTHON_VERSION", HERE)
    package = packaged(project)
    source = package / "trailbell" / "functions" / "printer" / "handler.py"
    assert Path(importlib.util.cache_from_source(str(source))).exists()
    source.write_text('print("compiled again")\n')
    done = subprocess.run(
        [sys.executable, "-c", "import trailbell.functions.printer.handler"],
        cwd=package,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "as packaged\n"


def test_bytecode_of_another_python_stays_out(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundling, "RUNTIME_PYTHON_VERSION", "3.0")
    package = packaged(project)
    assert [path.name for path in sorted(package.rglob("*")) if path.is_file()] == [
        "config.json", "__init__.py", "__init__.py", "__init__.py", "handler.py",
    ]  # fmt: skip


def test_a_source_that_does_not_compile_stops_synth(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundling, "RUNTIME_PYTHON_VERSION", HERE)
    (project / "lambdas" / "printer" / "handler.py").write_text("def\n")
    with pytest.raises(RuntimeError, match="does not compile"):
        packaged(project)
