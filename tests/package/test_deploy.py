"""`pip install trailbell[deploy]`: a CDK app of ten lines synthesises what this checkout does, to the byte."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.package.conftest import ROOT, Installed, outside, synth_variables

CONFIG = """\
packs: [starter]
destinations:
  email: [soc@example.com]
  slack: {enabled: true}
deployment: {home_region: us-east-2}
"""
APP = Path(__file__).parent / "app.py"


def templates(assembly: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in assembly.glob("*.template.json")}


def packages(assembly: Path) -> set[str]:
    return {path.name for path in assembly.glob("asset.*")}


@pytest.fixture(scope="session")
def checkout_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "trailbell.yaml").write_text(CONFIG, encoding="utf-8")
    variables = synth_variables(folder / "cdk.out", config=str(folder / "trailbell.yaml"))
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=outside(variables), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "cdk.out"


def synthesise(
    installed: Installed, folder: Path, config: str, *, fetched: bool = True
) -> "subprocess.CompletedProcess[str]":
    """Synthesise the app of the README in an empty folder, as the CDK CLI does.

    The functions' requirements are taken from this checkout's build folder: they are the same, and need no network.
    """
    shutil.copy(APP, folder / "app.py")
    (folder / "trailbell.yaml").write_text(config, encoding="utf-8")
    cache = folder / "cache" / "trailbell"
    for requirements in (ROOT / ".build").glob("requirements-*") if fetched else ():
        shutil.copytree(requirements, cache / requirements.name)
    there = Installed(environment=installed.environment, folder=folder)
    return there.run(
        "python", "app.py", variables={**synth_variables(folder / "cdk.out"), "XDG_CACHE_HOME": str(folder / "cache")}
    )


def test_ten_lines_in_an_empty_folder_synthesise_the_checkouts_templates(
    tmp_path: Path, checkout_assembly: Path, with_cdk: Installed
) -> None:
    done = synthesise(with_cdk, tmp_path, CONFIG)
    assert done.returncode == 0, done.stderr
    found = templates(tmp_path / "cdk.out")
    assert len(found) == 2
    assert found == templates(checkout_assembly)
    assert packages(tmp_path / "cdk.out") == packages(checkout_assembly)
    assert b"aws:cdk:path" in found["Trailbell.template.json"]


def test_no_package_names_the_machine_that_made_it_so_its_hash_is_the_same_on_every_one(
    checkout_assembly: Path,
) -> None:
    files = [path for package in checkout_assembly.glob("asset.*") for path in package.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if sys.prefix.encode() in path.read_bytes()] == []


def test_what_runs_there_is_the_installed_package_and_not_the_checkout(with_cdk: Installed) -> None:
    done = with_cdk.run("python", "-c", "import trailbell.infra as i; print(i.__file__, i.AuditAlerter.__module__)")
    file, module = done.stdout.split()
    assert Path(file).is_relative_to(with_cdk.packages)
    assert module == "trailbell.infra.audit_alerter"


def test_a_broken_config_is_not_synthesised_there(tmp_path: Path, with_cdk: Installed) -> None:
    done = synthesise(with_cdk, tmp_path, "packs: [no-such-pack]\n", fetched=False)
    assert done.returncode == 1
    assert "trailbell.yaml" in done.stderr
    assert "no-such-pack" in done.stderr
    assert not list(tmp_path.glob("cdk.out/*.template.json"))


def test_what_aws_would_refuse_is_refused_there(tmp_path: Path, with_cdk: Installed) -> None:
    topics = ", ".join(f"team-{n}: 'arn:aws:sns:us-east-2:111122223333:{'t' * 60}{n}'" for n in range(60))
    config = f"destinations: {{topics: {{{topics}}}}}\ndeployment: {{home_region: us-east-1}}\n"
    done = synthesise(with_cdk, tmp_path, config)
    assert done.returncode == 1
    assert "the environment of function TopicsNotifier" in done.stderr


def test_the_readme_shows_this_app() -> None:
    assert f"```python\n{APP.read_text(encoding='utf-8')}```" in (ROOT / "README.md").read_text(encoding="utf-8")
