"""Write a CycloneDX bill of materials of what a lock pins: `python -m scripts.bill_of_materials LOCK TARGET`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from trailbell.contract.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
MAKER = [str(Path(sys.executable).parent / "cyclonedx-py"), "requirements", "--output-reproducible"]


def bill_of_materials(lock: Path) -> dict[str, Any]:
    """Return the bill: Trailbell, and each pinned package with its hashes.

    The maker knows the package from pyproject.toml, which reads the version elsewhere, so the version is put in here.
    """
    command = [*MAKER, "--pyproject", str(ROOT / "pyproject.toml"), str(lock)]
    # It warns that a list of requirements does not say which of them needs which.
    done = subprocess.run([sys.executable, "-W", "ignore", *command], check=True, capture_output=True, text=True)
    bill: dict[str, Any] = json.loads(done.stdout)
    bill["metadata"]["component"] |= {"version": VERSION, "purl": f"pkg:pypi/trailbell@{VERSION}"}
    return bill


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(bill_of_materials(Path(sys.argv[1])), indent=2) + "\n", encoding="utf-8")
