"""A replay alerts on exactly what the detector alerts on when it is fed the same records."""

import gzip
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from scripts.traces import read_traces
from tests.shared import needs_records, real_records
from tests.unit.claims import MemoryClaims
from tests.unit.meter import RecordingMeter
from trailbell import examples, packs
from trailbell.authoring import load_config
from trailbell.call.values import read_time
from trailbell.cli.replay import replaying
from trailbell.config.model import Config
from trailbell.errors import RecordError
from trailbell.functions.detector.detector import Detector
from trailbell.pipeline import Pipeline
from trailbell.sources import eventbridge
from trailbell.sources.reading import open_source
from trailbell.windows.memory import MemoryStore

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from trailbell.alert import Alert

ROOT = Path(__file__).resolve().parents[4]
CONFIGS = {
    "shipped": ROOT / "config" / "trailbell.yaml",
    "strict": ROOT / "tests" / "traces" / "trailbell.yaml",
}


def config_of(name: str) -> Config:
    return load_config(CONFIGS[name], packs_dir=packs.FOLDER, today=date(2026, 11, 1)).config


def fed_to_the_detector(config: Config, records: Iterable[Any]) -> list[tuple[str, int, int]]:
    """Feed records to the detector as EventBridge does, each when its event happened."""
    published: list[Alert] = []
    now = datetime.fromtimestamp(0, UTC)
    pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda: now)
    detector = Detector(
        receive=eventbridge.receive,
        live=lambda _: pipeline,
        once=MemoryClaims().once,
        remember=lambda _: None,
        publish=published.append,
        beat=lambda _: None,
        meter=RecordingMeter(),
    )
    for record in sorted(records, key=lambda record: read_time(record.get("eventTime"))):
        now = read_time(record.get("eventTime"))
        try:
            detector.handle({"source": "aws.any", "detail": record}, cast("LambdaContext", None))
        except RecordError:
            continue
    return sorted((alert.id, alert.repeats, alert.occurrences) for alert in published)


def replayed(config: Config, folder: Path, processes: int) -> list[tuple[str, int, int]]:
    with replaying(open_source(str(folder)), [config], processes=processes) as (past,):
        alerts = [judged.alert for judged in past.judged()]
        return sorted((alert.id, alert.repeats, alert.occurrences) for alert in alerts if alert)


def write_files(folder: Path, records: Sequence[Any], count: int) -> list[Any]:
    """Spread records over files in an order that is not that of time. Return them file by file."""
    files = [records[number::count] for number in range(count)]
    for number, content in enumerate(files):
        (folder / f"{number}.json.gz").write_bytes(gzip.compress(json.dumps({"Records": content}).encode(), 1))
    return [record for content in files for record in content]


@needs_records
@pytest.mark.parametrize("name", CONFIGS)
def test_real_records_alert_as_in_the_detector(name: str, tmp_path: Path) -> None:
    config = config_of(name)
    records = list(real_records())
    expected = fed_to_the_detector(config, records)
    assert len(expected) > 20
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert replayed(config, tmp_path, processes=1) == expected


@pytest.mark.parametrize("processes", [1, 2])
def test_traces_alert_as_in_the_detector_whatever_the_order_of_the_files(processes: int, tmp_path: Path) -> None:
    config = config_of("strict")
    steps = [step for kind in ("attacks", "benign") for trace in read_traces(kind) for step in trace.steps]
    # Which of two events of one second opens a window is the detector's luck; here it gets them file by file.
    records = write_files(tmp_path, [dict(step.record) for step in steps], 7)
    expected = fed_to_the_detector(config, records)
    assert len(expected) > 100
    assert replayed(config, tmp_path, processes=processes) == expected


def test_an_event_that_two_trails_hold_alerts_once(tmp_path: Path) -> None:
    config = config_of("shipped")
    record = json.loads((examples.FOLDER / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    for name in ("account.json", "organization.json"):
        (tmp_path / name).write_text(json.dumps({"Records": [record]}), encoding="utf-8")
    with replaying(open_source(str(tmp_path)), [config]) as (past,):
        judged = list(past.judged())
    assert len({each.finding.id for each in judged}) == len(judged)
    assert [each.outcome for each in judged] == ["alerted"] * len(judged) != []
