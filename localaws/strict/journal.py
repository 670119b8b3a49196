"""What the strict layer saw: a line of JSON for each thing, in a file that tests read while MiniStack runs."""

import json
import os
import threading
from pathlib import Path
from typing import Any

VARIABLE = "STRICT_JOURNAL"
"""The environment variable that names the file; without it nothing is written."""
_lock = threading.Lock()


def note(kind: str, **fields: Any) -> None:
    """Write one line: `kind` is `refused`, `allowed` or whatever else a part has to tell."""
    if path := os.environ.get(VARIABLE):
        line = json.dumps({"kind": kind, **fields}, default=str) + "\n"
        with _lock, Path(path).open("a", encoding="utf-8") as file:
            file.write(line)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the lines so far; none where nothing was written."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
