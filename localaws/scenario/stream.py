"""A steady stream of calls that alert, and what arrived of it."""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import cycle
from types import TracebackType
from typing import Any, Self

from localaws.deployment import Deployment, Subscriber


class Stream:
    """Puts launches on buses until it is closed, each by a user of its own, so that none is a repeat.

    `regions` take turns; None is the home region.
    """

    def __init__(
        self,
        deployment: Deployment,
        record: Mapping[str, Any],
        *,
        every_seconds: float,
        regions: Sequence[str | None] = (None,),
    ) -> None:
        self.sent: dict[str, float] = {}
        """When each event was put on its bus, in the order of their going: `time.monotonic`."""
        self.ended = threading.Event()
        """Set once nothing more is put."""
        self._deployment = deployment
        self._record = record
        self._every_seconds = every_seconds
        self._regions = cycle(regions)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._failure: Exception | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        if self._failure and value is None:
            raise self._failure

    def _run(self) -> None:
        begun, put = time.monotonic(), 0
        try:
            # By the clock, so that a slow answer makes no pause.
            while not self._stop.wait(begun + put * self._every_seconds - time.monotonic()):
                self._put()
                put += 1
        except Exception as error:  # noqa: BLE001 - whatever ends the stream, who reads it must hear of it
            self._failure = error
        finally:
            self.ended.set()

    def _put(self) -> None:
        event_id, identity = str(uuid.uuid4()), self._record["userIdentity"]
        by = {**identity, "arn": f"{identity['arn']}-{event_id}"}
        record = {**self._record, "eventID": event_id, "userIdentity": by}
        self._deployment.put_record(record, region=next(self._regions))
        self.sent[event_id] = time.monotonic()


def arrived(subscriber: Subscriber, wanted: int, *, seconds: float) -> Counter[str]:
    """Return how often each event's alert arrived: wait for so many events, and a moment for more."""
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while notification := subscriber.wait(end - time.monotonic() if len(seen) < wanted else 2):
        seen[json.loads(notification["Message"])["event"]["id"]] += 1
    return seen


def all_arrived(subscriber: Subscriber, wanted: Collection[str], *, seconds: float) -> Counter[str]:
    """Return how often each event's alert arrived: wait for all of these events, whatever else comes."""
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while True:
        seen += arrived(subscriber, 1, seconds=max(1, end - time.monotonic()))
        if time.monotonic() >= end or all(event in seen for event in wanted):
            return seen
