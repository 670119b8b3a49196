"""Replaying a trail's files: beside gunzip and orjson alone, in one process and in two, and the memory it takes."""

import gzip
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import orjson

from benchmarks.support.corpus import ROOT, read_records
from benchmarks.support.measure import table
from trailbell import packs
from trailbell.authoring import load_config
from trailbell.cli.replay import replaying
from trailbell.config.model import Config
from trailbell.sources.reading import open_source

FILE_RECORDS = 2000
FILES = 240
"""For the shipped config: long enough for the start of a process not to count for much."""
FEW_FILES = 6
"""For many rules, which find something in a third of these records."""
ROUNDS = 3
SHIPPED = ROOT / "config" / "trailbell.yaml"
MANY_RULES = ROOT / "tests" / "traces" / "trailbell.yaml"
WANTED_SHARE = 60
WANTED_GAIN = 1.7
WANTED_MEGABYTES = 200
MEMORY_MEGABYTES = 200
"""Of records, unpacked, for the measurement of memory; TRAILBELL_BENCH_MEGABYTES asks for another amount."""


def run() -> str:
    """Return the section of the report."""
    records, what = read_records()
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), records, FILES)
        rows = _measure(Path(folder), "the shipped config", SHIPPED, processes=(1, 2))
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), records, FEW_FILES)
        rows += _measure(Path(folder), "starter, cis and attack", MANY_RULES, processes=(1,))
    introduction = (
        f"{FILES} files as a trail writes them (`.json.gz`), {FILE_RECORDS:,} records each, drawn from {what}; best "
        f"of {ROUNDS} interleaved rounds. The floor is what any program that reads them must do: gunzip and "
        "`orjson.loads`. A replay finds, redacts, judges and counts on top of it; most records it decides without "
        "parsing them whole. What it costs is its findings: these records are rich in attacks, and the many rules of "
        "the last row find something in every third. What two processes gain, the "
        "machine bounds: a row tells what the floor itself gains."
    )
    megabytes = int(os.environ.get("TRAILBELL_BENCH_MEGABYTES", MEMORY_MEGABYTES))
    count, peak = _measure_memory(records, megabytes)
    memory = (
        f"A replay of {count:,} records ({megabytes} MB unpacked) by the shipped config, in a process of its own, took "
        f"{peak} MB of memory at its peak (wanted: at most {WANTED_MEGABYTES})."
    )
    head = ["", "records a second", "share of the floor", "wanted", "records with findings"]
    return "\n\n".join(["## Replaying", introduction, table(head, rows), memory])


def _write_files(folder: Path, records: list[bytes], files: int) -> None:
    """Write files of records drawn at random, each event with an id and a time of its own."""
    chance = random.Random(1)
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for number in range(files):
        texts = []
        for place in range(FILE_RECORDS):
            record = orjson.loads(chance.choice(records))
            moment = start + timedelta(minutes=5 * number, milliseconds=150 * place)
            record["eventTime"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            record["eventID"] = f"{number:08}-0000-4000-8000-{place:012}"
            texts.append(record)
        content = gzip.compress(orjson.dumps({"Records": texts}), 6)
        (folder / f"{start + timedelta(minutes=5 * number):%Y%m%dT%H%M}Z_{number}.json.gz").write_bytes(content)


def _measure(folder: Path, name: str, path: Path, processes: Sequence[int]) -> list[list[str]]:
    config = _config(path)
    found = {"matched": 0, "records": 0}

    def replay(number: int) -> None:
        with replaying(open_source(str(folder)), [config], processes=number) as (past,):
            past.tally()
            found.update(matched=len(past.rows), records=past.found.records)

    replays = {f"{number}": partial(replay, number) for number in processes}
    times = _best({"floor": lambda: _floor(folder), **replays})
    share = f"{100 * found['matched'] / found['records']:.1f} %"
    speed = {key: f"{found['records'] / seconds:,.0f}" for key, seconds in times.items()}
    rows = [
        ["gunzip and orjson.loads alone", speed["floor"], "100 %", "", ""],
        [
            f"{name} ({len(config.rules)} rules), one process",
            speed["1"],
            f"{100 * times['floor'] / times['1']:.0f} %",
            f"at least {WANTED_SHARE} %" if path == SHIPPED else "",
            share,
        ],
    ]
    if "2" in times:
        gain, most = times["1"] / times["2"], times["floor"] / _best({"floor": lambda: _floor_in_two(folder)})["floor"]
        rows.append([f"... two processes: {gain:.2f} times one", speed["2"], "", f"at least {WANTED_GAIN} times", ""])
        rows.append([f"... gunzip and orjson.loads in two processes: {most:.2f} times one", "", "", "", ""])
    return rows


def _floor(folder: Path) -> None:
    _read_alone(sorted(folder.iterdir()))


def _floor_in_two(folder: Path) -> None:
    paths = sorted(folder.iterdir())
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_read_alone, [paths[::2], paths[1::2]]))


def _read_alone(paths: Sequence[Path]) -> None:
    for path in paths:
        orjson.loads(gzip.decompress(path.read_bytes()))


def _best(contenders: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Return the best time of each in seconds, measured in turns."""
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(ROUNDS):
        for name, call in contenders.items():
            begin = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - begin)
    return best


def _config(path: Path) -> Config:
    return load_config(path, packs_dir=packs.FOLDER, today=date(2026, 11, 1)).config


def _measure_memory(records: list[bytes], megabytes: int) -> tuple[int, int]:
    """Replay so many megabytes in a process of its own. Return how many records that were, and its peak."""
    with tempfile.TemporaryDirectory() as folder:
        size = sum(map(len, records)) / len(records)
        _write_files(Path(folder), records, max(1, round(megabytes * 1e6 / size / FILE_RECORDS)))
        command = [sys.executable, "-m", "benchmarks.bench_replay", folder]
        result = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        told = json.loads(result.stdout)
        return told["records"], told["megabytes"]


def main(folder: str) -> None:
    """Replay a folder and print the peak of this process's memory."""
    with replaying(open_source(folder), [_config(SHIPPED)]) as (past,):
        past.tally()
        records = past.found.records
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"records": records, "megabytes": round(kilobytes / 1024)}))


if __name__ == "__main__":
    main(sys.argv[1])
