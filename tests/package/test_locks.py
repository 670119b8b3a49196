"""What is pinned: everything, with its hashes, and once."""

import re
import tomllib
from pathlib import Path

import pytest

from scripts.bill_of_materials import bill_of_materials
from tests.package.conftest import ROOT
from trailbell.contract.version import VERSION

LOCKS = [ROOT / name for name in ("requirements.txt", "requirements-dev.txt", "lambdas/requirements.txt")]
PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; [^\\]+)?(?P<hashes>(?: \\\n +--hash=sha256:[0-9a-f]{64})+)$"
)


def pins(lock: Path) -> set[tuple[str, str]]:
    text = re.sub(r"^ *#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = [PIN.match(entry) for entry in re.split(r"\n(?=\S)", text.strip())]
    assert None not in found, "every entry is a version with its hashes"
    return {(pin["name"], pin["version"]) for pin in found if pin}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_requirement_is_pinned_with_its_hashes(lock: Path) -> None:
    assert len(pins(lock)) > 1


def test_what_pyproject_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {line.split("==")[0] for line in (*project["dependencies"], *project["optional-dependencies"]["deploy"])}
    assert asked - {name for name, _ in pins(ROOT / "requirements.txt")} == set()


def test_the_locks_agree_so_the_tests_run_what_is_deployed() -> None:
    deployed, ours, functions = (pins(lock) for lock in (LOCKS[0], LOCKS[1], LOCKS[2]))
    assert functions < deployed < ours


def test_a_bill_of_materials_names_every_pin_with_its_hashes() -> None:
    bill = bill_of_materials(LOCKS[2])
    assert {(part["name"], part["version"]) for part in bill["components"]} == pins(LOCKS[2])
    hashes = [reference["hashes"] for part in bill["components"] for reference in part["externalReferences"]]
    assert all(each["alg"] == "SHA-256" for found in hashes for each in found)
    assert (bill["bomFormat"], bill["metadata"]["component"]["version"]) == ("CycloneDX", VERSION)
