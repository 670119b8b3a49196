"""What lies beside the checkout and not in it: real records, and a reference's answers. Tests of them are skipped elsewhere."""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared"
RECORDS_FILE = _SHARED / "records" / "records.jsonl.gz"
ANSWERS_FILE = _SHARED / "conformance" / "patterns.jsonl"


def _needs(file: Path) -> pytest.MarkDecorator:
    folder = file.parent.relative_to(_SHARED.parent)
    return pytest.mark.skipif(not file.is_file(), reason=f"../{folder} is not beside this checkout")


needs_records = _needs(RECORDS_FILE)
needs_answers = _needs(ANSWERS_FILE)


def real_lines() -> Iterator[bytes]:
    """Yield each real record as the JSON text that it came as."""
    with gzip.open(RECORDS_FILE) as lines:
        yield from lines


def real_records(shard: int = 0, shards: int = 1) -> Iterator[dict[str, Any]]:
    """Yield each real record, or every so many-th of them: a test of one shard takes its share of the time."""
    return map(json.loads, islice(real_lines(), shard, None, shards))
