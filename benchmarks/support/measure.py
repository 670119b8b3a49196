"""Measures things against each other, interleaved, so that a busy machine disturbs all of them alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

CHUNK = 200
"""Records after which the next contender has its turn."""


Contender = tuple[Callable[[Any], object], Sequence[Any]]
"""What is called, and on what."""


def microseconds_each(contenders: Mapping[str, Contender], rounds: int) -> dict[str, float]:
    """Return the median time per item of each contender, all of which get as many items."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    (count,) = {len(items) for _, items in contenders.values()}
    for _ in range(rounds):
        for start in range(0, count, CHUNK):
            for name, (call, items) in contenders.items():
                chunk = items[start : start + CHUNK]
                begin = time.perf_counter()
                for item in chunk:
                    call(item)
                times[name].append((time.perf_counter() - begin) * 1e6 / len(chunk))
    return {name: median(values) for name, values in times.items()}


def best_milliseconds(call: Callable[[], object], rounds: int = 5) -> float:
    """Return the best of several runs."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        call()
        times.append((time.perf_counter() - begin) * 1000)
    return min(times)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first are numbers."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))
