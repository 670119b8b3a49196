"""The sample report of the documentation: a replay of the traces of attacks and ordinary days, and its pictures.

python -m scripts.report_sample FILE          writes the page
python -m scripts.report_sample --pictures    photographs it for docs/images
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from scripts.traces import ROOT, TRACES, read_traces
from trailbell import packs
from trailbell.authoring import load_config
from trailbell.cli.replay.page import make_report
from trailbell.cli.replay.past import replaying
from trailbell.cli.report import write_report
from trailbell.sources.reading import open_source

IMAGES = ROOT / "docs" / "images"
DRIVER = ROOT / "scripts" / "browser" / "report.mjs"


def write_sample(path: Path) -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        traces = [trace for kind in ("attacks", "benign") for trace in read_traces(kind)]
        records = [_later(step.record, place) for place, trace in enumerate(traces) for step in trace.steps]
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (Path(folder) / "traces.jsonl").write_text(lines, encoding="utf-8")
        config = load_config(TRACES / "trailbell.yaml", packs_dir=packs.FOLDER, today=date(2026, 11, 1))
        with replaying(open_source(folder), [config.config]) as (past,):
            write_report(path, make_report(past, "tests/traces"))


def _later(record: Mapping[str, Any], hours: int) -> dict[str, Any]:
    """Return a record moved by so many hours: all traces begin on one day, and a picture of one day tells little."""
    time = datetime.fromisoformat(record["eventTime"]) + timedelta(hours=hours)
    return {**record, "eventTime": time.isoformat().replace("+00:00", "Z")}


def main() -> None:
    """Write the page, or its pictures."""
    if sys.argv[1:] != ["--pictures"]:
        write_sample(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        write_sample(page)
        subprocess.run(["node", str(DRIVER), str(page), "pictures", str(IMAGES)], check=True, stdout=subprocess.DEVNULL)
    print(f"{IMAGES}/report-*.png written")


if __name__ == "__main__":
    main()
