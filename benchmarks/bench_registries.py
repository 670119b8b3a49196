"""What each line of a registry is needed for: it is taken out of a copy of the checkout, and a test must fail."""

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.support.measure import table
from localaws.assembly import copy_checkout
from localaws.ministack import PROJECT_ROOT

REGISTRIES: Mapping[str, tuple[str, str, str]] = {
    "destinations": ("src/trailbell/destinations/__init__.py", "KINDS", "tests/registries/test_destinations.py"),
    "formats": ("src/trailbell/formats/__init__.py", "FORMATS", "tests/registries/test_formats.py"),
    "sources": ("src/trailbell/sources/registry.py", "SOURCES", "tests/registries/test_sources.py"),
    "identity types": (
        "src/trailbell/read/principal/registry.py", "IDENTITY_TYPES", "tests/registries/test_identity_types.py",
    ),
    "services of AWS": ("src/trailbell/aws/registry.py", "LINES", "tests/registries/test_services.py"),
}  # fmt: skip
"""Registry -> its file, its name in there, and the tests that walk it."""


def lines_of(text: str, name: str) -> Iterator[tuple[str, range]]:
    """Yield what a registry lists, and the lines of the file that list it, from 0."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and isinstance(node.value, ast.Dict):
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                if key is not None:
                    yield ast.literal_eval(key), range(key.lineno - 1, value.end_lineno or key.lineno)


def is_missed(checkout: Path, tests: str) -> bool:
    """Run tests against a checkout's library, until one fails. Tell whether one did."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", tests]
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, check=False)
    # 1: a test failed. 2: it could not be loaded, which is noticed as well.
    return done.returncode in {1, 2}


def without_each(checkout: Path, file: str, name: str, tests: str) -> Mapping[str, bool]:
    """Take each line of a registry out of a checkout, and return by what it lists whether that is missed."""
    path = checkout / file
    text = path.read_text(encoding="utf-8")
    lines, missed = text.splitlines(keepends=True), {}
    for listed, taken in lines_of(text, name):
        path.write_text("".join(line for number, line in enumerate(lines) if number not in taken), encoding="utf-8")
        missed[listed] = is_missed(checkout, tests)
    path.write_text(text, encoding="utf-8")
    return missed


def run() -> str:
    """Return the section of the report. Raises ValueError where a line is not missed."""
    rows, unmissed = [], []
    with tempfile.TemporaryDirectory() as scratch:
        checkout = copy_checkout(Path(scratch) / "checkout")
        for registry, (file, name, tests) in REGISTRIES.items():
            if is_missed(checkout, tests):
                raise ValueError(f"{tests} fails with every line in its place")
            missed = without_each(checkout, file, name, tests)
            rows.append([registry, str(len(missed)), str(sum(missed.values()))])
            unmissed += [f"{registry}: {listed}" for listed, is_ in missed.items() if not is_]
    if unmissed:
        raise ValueError(f"no test misses {', '.join(unmissed)}")
    return (
        "## Registries\n\nNo speed: each line is taken out of its registry, and a test must fail.\n\n"
        f"{table(['registry', 'lines', 'of which a test misses'], rows)}"
    )


if __name__ == "__main__":
    print(run())
