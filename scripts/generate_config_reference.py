"""Write what is generated from the config's model: its JSON Schema and the tables of docs/configuration.md.

Run `python scripts/generate_config_reference.py` after the model changed; `--check` only says whether they are current.
"""

import argparse
import sys
from pathlib import Path

from trailbell.authoring.shape.reference import insert_tables
from trailbell.authoring.shape.schema import render_schema

ROOT = Path(__file__).resolve().parent.parent


SCHEMA_FILE = ROOT / "config" / "trailbell.schema.json"
PAGE_FILE = ROOT / "docs" / "configuration.md"


def main() -> int:
    """Write the files, or with `--check` compare them. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file is not current")
    check = parser.parse_args().check
    contents = {SCHEMA_FILE: render_schema(), PAGE_FILE: insert_tables(PAGE_FILE.read_text(encoding="utf-8"))}
    stale = [path for path, text in contents.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)} {'is not current' if check else 'written'}")
        if not check:
            path.write_text(contents[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
