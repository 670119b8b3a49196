"""What an event that does not alert takes in a warm sandbox, beside a handler that does nothing."""

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.support.measure import table
from benchmarks.support.packaged import ALL_PACKS, ENVIRONMENT, QUIET_EVENT, STARTER, package
from benchmarks.support.sandbox import Sandbox

TURNS = 200
ROUNDS = 25
RATIO = 1.25
"""Wanted at most."""
EMPTY = "a handler that does nothing"


def run() -> str:
    """Return the section of the report."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as running:
        sandboxes = {EMPTY: running.enter_context(_start(Path(scratch) / "empty", "empty.handler", ()))}
        for packs, name in ((STARTER, "the starter pack"), (ALL_PACKS, "all packs")):
            folder = Path(scratch) / "-".join(packs)
            rules = package(folder, packs)
            sandboxes[f"the detector, {name}: {rules} rules"] = running.enter_context(
                _start(folder, "trailbell.functions.detector.handler.handler", packs)
            )
        times: dict[str, list[float]] = {name: [] for name in sandboxes}
        for number in range(ROUNDS + 1):
            for name, sandbox in sandboxes.items():
                microseconds = sandbox.microseconds_each(TURNS)
                if number:  # the first round warms up
                    times[name].append(microseconds)
    rows = [
        [name, f"{median(values):.0f}", f"{median(a / b for a, b in zip(values, times[EMPTY], strict=True)):.2f}"]
        for name, values in times.items()
    ]
    introduction = (
        f"A turn of AWS's own loop (`awslambdaric`) against a stand-in for the Runtime API: fetch, handle, "
        f"answer; {ROUNDS} times {TURNS} turns each, in turn. The detector has its live config from a stand-in for "
        f"AppConfig, and logs its books. Wanted: at most {RATIO} times the empty handler."
    )
    return "\n\n".join(["## An event that does not alert, warm", introduction, table(["", "µs", "times"], rows)])


def _start(folder: Path, handler: str, packs: tuple[str, ...]) -> Sandbox:
    folder.mkdir(exist_ok=True)
    if not packs:
        (folder / "empty.py").write_text("def handler(event, context):\n    return None\n", encoding="utf-8")
    config = (folder / "config.json").read_bytes() if packs else b""
    return Sandbox(handler, folder, json.dumps(QUIET_EVENT).encode(), config, ENVIRONMENT, folder / "log.txt")
