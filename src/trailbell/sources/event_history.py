"""CloudTrail's event history as a source: what the account did in the last 90 days, without a trail."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trailbell.sources.lookup_events import Lookup, lookup_records
from trailbell.sources.reading import Access, Asked, Source, Wanted
from trailbell.sources.regions import choose_regions

HISTORY = "history"
"""Names it."""
DEFAULT_DAYS = 7
"""The API gives 100 events a second at most: a busy account's ninety days take a night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPart:
    """The event history of some regions."""

    aws: Access
    regions: tuple[str, ...]
    lookup: Lookup
    size_bytes: int = 0

    @property
    def name(self) -> str:
        """Return what to call it."""
        return f"event history of {', '.join(self.regions)}"

    def texts(self, on_bytes: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """Yield the JSON text of each record, newest first."""
        del on_bytes  # nobody knows how much is to come
        for record in lookup_records(self._client, self.regions, self.lookup):
            yield json.dumps(record, separators=(",", ":")).encode()

    def _client(self, region: str) -> object:
        return self.aws.client("cloudtrail", region)


def _open(spec: str, wanted: Wanted, aws: Access) -> Source:
    """Return the event history of the wanted regions and time."""
    since = wanted.since or datetime.now(UTC) - timedelta(days=DEFAULT_DAYS)
    part = HistoryPart(
        aws=aws,
        regions=tuple(choose_regions(aws, wanted.regions)),
        lookup=Lookup(since=since, until=wanted.until),
    )
    return Source(name=spec, parts=(part,), count=1, size_bytes=0, local=False)


SOURCE = Asked(spelling=f"`{HISTORY}`", takes=HISTORY.__eq__, open=_open)
