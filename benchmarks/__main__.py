"""Runs every benchmark, prints the tables and writes them to docs/performance.md."""

import os
import platform
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "performance.md"
SECTIONS = (
    "bench_rules",
    "bench_startup",
    "bench_cold_start",
    "bench_first_event",
    "bench_warm",
    "bench_alert",
    "bench_filters",
    "bench_extremes",
    "bench_resources",
    "bench_replay",
    "bench_report",
    "bench_registries",
)
"""Modules, loaded one by one in `main`: a replay's worker processes load this module again."""
INTRODUCTION = """\
# Performance

Written by `make bench`; run it again for figures of your own machine. Ratios travel between machines, microseconds do
not. Where several programs share the machine, expect every figure to grow, and Python's more than orjson's.
"""


def main() -> int:
    """Run the benchmarks."""
    machine = f"Measured with Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores"
    load = f"load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    parts = [INTRODUCTION.rstrip(), f"{machine}, {load} at the start."]
    for section in SECTIONS:
        parts.append(import_module(f"benchmarks.{section}").run())
        print(parts[-1], end="\n\n", flush=True)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"written to {REPORT.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
