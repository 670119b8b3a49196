"""Write the alert that README.md shows: RunInstances as e-mail has it, by the real pipeline and the shipped config."""

import argparse
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from trailbell import examples
from trailbell.authoring import load_config
from trailbell.formats.text import text
from trailbell.pipeline import Pipeline
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
RECORD = examples.FOLDER / "run-instances-iam-user.json"
NOW = datetime(2023, 10, 8, 17, 50, 33, tzinfo=UTC)
BEGIN, END = "<!-- sample: begin -->\n", "<!-- sample: end -->"
CONFIG_VERSION = "5023b5510f8f"
"""The config's own is a digest of all rules, and would change the sample with each of them."""


def sample() -> str:
    """Return the alert's text."""
    config = replace(
        load_config(ROOT / "config" / "trailbell.yaml", today=date(2026, 11, 2)).config, version=CONFIG_VERSION
    )
    pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda: NOW)
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    (alert,) = pipeline.run(SourcedRecord.of(record))
    return text(alert).rstrip()


def with_sample(readme: str) -> str:
    """Return the README with the sample as it is now."""
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}```text\n{sample()}\n```\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Write the README, or with `--check` say whether it is current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the sample is not current")
    check = parser.parse_args().check
    readme = README.read_text(encoding="utf-8")
    current = with_sample(readme)
    if readme == current:
        return 0
    if check:
        print("README.md is not current: make generate")
        return 1
    README.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
