"""A steady stream of calls that alert, and what arrived of it."""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from localaws.deployment import Deployment, Subscriber


class Stream:
    """Puts launches on the bus until it is closed, each by a user of its own, so that none is a repeat."""

    def __init__(self, deployment: Deployment, record: Mapping[str, Any], *, every_seconds: float) -> None:
        self.sent: list[str] = []
        self._deployment = deployment
        self._record = record
        self._every_seconds = every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every_seconds):
            event_id, identity = str(uuid.uuid4()), self._record["userIdentity"]
            by = {**identity, "arn": f"{identity['arn']}-{event_id}"}
            self._deployment.put_record({**self._record, "eventID": event_id, "userIdentity": by})
            self.sent.append(event_id)


def arrived(subscriber: Subscriber, wanted: int, *, seconds: float) -> Counter[str]:
    """Return how often each event's alert arrived: wait for so many events, and a moment for more."""
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while notification := subscriber.wait(end - time.monotonic() if len(seen) < wanted else 2):
        seen[json.loads(notification["Message"])["event"]["id"]] += 1
    return seen
