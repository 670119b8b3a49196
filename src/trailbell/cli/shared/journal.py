"""What the functions log of an alert, as it comes: how far it got, and when."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

POLL_SECONDS = 1.0
"""FilterLogEvents takes five calls a second in a region; a test asks one log group after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One JSON line of a function's log."""

    at_ms: int
    """When it was logged, milliseconds since 1970."""
    content: Mapping[str, Any]


class Journal:
    """Reads some lines out of log groups."""

    def __init__(
        self,
        logs: Any,
        *,
        pattern: str,
        mark: str,
        since_ms: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take a client of CloudWatch Logs, its filter pattern, and a text that stands in every line that is meant."""
        self._logs = logs
        self._pattern = pattern
        self._mark = mark
        self._since_ms = since_ms
        self._clock = clock
        self._sleep = sleep

    def wait(self, group: str, wanted: Callable[[Mapping[str, Any]], bool], until: float) -> Line | None:
        """Return the first line that is wanted; None where there is none by `until`, a time of the clock."""
        while True:
            found = next((line for line in self.lines(group) if wanted(line.content)), None)
            if found or self._clock() >= until:
                return found
            self._sleep(POLL_SECONDS)

    def lines(self, group: str) -> Iterator[Line]:
        """Yield what a log group has so far."""
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=group,
            startTime=self._since_ms,
            filterPattern=self._pattern,
        )
        for page in pages:
            for event in page["events"]:
                for text in str(event["message"]).splitlines():
                    if text.startswith("{") and self._mark in text:
                        yield Line(at_ms=event["timestamp"], content=json.loads(text))
