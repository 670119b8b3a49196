"""Tell how much of the code the tests run, room by room, and fail where the library is below what is wanted of it.

`make unit` measures into .cache/coverage.json first. Lines and branches are held each: coverage's own `fail_under` is
one figure of both, in which many lines hide few branches.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

REPORT = Path(__file__).resolve().parent.parent / ".cache" / "coverage.json"
WANTED_LINES, WANTED_BRANCHES = 95, 92
"""Percent of the library."""
APART = ("cli", "functions", "infra")
"""Rooms that are no part of the library: the command, the functions, the stacks."""
FOLDERS = {"lambdas": "functions", "infra": "infra", "tests": "examples"}
"""Where rooms lie that are not in `src/trailbell`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What was run of some code."""

    lines: int = 0
    lines_run: int = 0
    branches: int = 0
    branches_run: int = 0

    def __add__(self, other: "Share") -> "Share":
        """Return both together."""
        return Share(
            lines=self.lines + other.lines,
            lines_run=self.lines_run + other.lines_run,
            branches=self.branches + other.branches,
            branches_run=self.branches_run + other.branches_run,
        )

    @property
    def line_percent(self) -> float:
        """How many lines were run."""
        return 100 * self.lines_run / self.lines if self.lines else 100

    @property
    def branch_percent(self) -> float:
        """How many ways from one line to the next were taken."""
        return 100 * self.branches_run / self.branches if self.branches else 100


def shares(report: Mapping[str, Any]) -> dict[str, Share]:
    """Return the share of each room of a report of `coverage json`."""
    found: dict[str, Share] = {}
    for name, file in report["files"].items():
        summary = file["summary"]
        share = Share(
            lines=summary["num_statements"],
            lines_run=summary["covered_lines"],
            branches=summary["num_branches"],
            branches_run=summary["covered_branches"],
        )
        room = room_of(PurePath(name))
        found[room] = found.get(room, Share()) + share
    return found


def room_of(path: PurePath) -> str:
    """Return the room that a file is in: `src/trailbell/words/undo.py` is in `words`."""
    if path.parts[0] in FOLDERS:
        return FOLDERS[path.parts[0]]
    return path.relative_to("src/trailbell").parts[0].removesuffix(".py")


def library(rooms: Mapping[str, Share]) -> Share:
    """Return the share of all rooms of the library."""
    return total(share for room, share in rooms.items() if room not in APART)


def total(parts: Iterable[Share]) -> Share:
    """Return the share of all parts."""
    return sum(parts, Share())


def main() -> int:
    """Print the table. Returns 1 where the library is below what is wanted."""
    rooms = shares(json.loads(REPORT.read_text(encoding="utf-8")))
    held = library(rooms)
    rows = {**dict(sorted(rooms.items())), "the library": held, "all": total(rooms.values())}
    for room, share in rows.items():
        print(f"{room:18} lines {share.line_percent:6.1f} %   branches {share.branch_percent:6.1f} %")
    enough = held.line_percent >= WANTED_LINES and held.branch_percent >= WANTED_BRANCHES
    if not enough:
        print(f"The library is below {WANTED_LINES} % of lines or {WANTED_BRANCHES} % of branches: add tests.")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
