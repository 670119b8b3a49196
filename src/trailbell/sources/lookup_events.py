"""CloudTrail's event history, through `cloudtrail:LookupEvents`: ninety days of management events, region by region.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import heapq
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CALLS_PER_SECOND = 2
"""What the API allows, for each account and region."""
PAGE_EVENTS = 50
"""The most that it gives at once."""
HISTORY_DAYS = 90
THROTTLED = frozenset({"ThrottlingException", "Throttling", "TooManyRequestsException"})
MAX_THROTTLED = 8
"""Refusals in a row before it is given up: the waits add up to four minutes."""

Page = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What is asked of each region."""

    since: datetime
    """Aware."""
    until: datetime | None = None
    """Aware; None for now."""
    attribute: tuple[str, str] | None = None
    """`AttributeKey` and `AttributeValue`: the API takes one."""

    def arguments(self) -> dict[str, Any]:
        """Return what the API is called with."""
        arguments: dict[str, Any] = {"StartTime": self.since, "MaxResults": PAGE_EVENTS}
        if self.until:
            arguments["EndTime"] = self.until
        if self.attribute:
            key, value = self.attribute
            arguments["LookupAttributes"] = [{"AttributeKey": key, "AttributeValue": value}]
        return arguments


class Pace:
    """Keeps calls to one region apart by as long as the API demands."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self.sleep = sleep
        self._next = 0.0

    def wait(self) -> None:
        """Return when the next call may be made."""
        delay = self._next - self._clock()
        if delay > 0:
            self.sleep(delay)
        self._next = self._clock() + 1 / CALLS_PER_SECOND


def lookup_records(
    client_of: Callable[[str], Any],
    regions: Sequence[str],
    lookup: Lookup,
    *,
    pace: Callable[[], Pace] = Pace,
    on_page: Callable[[int], None] = lambda _: None,
) -> Iterator[dict[str, Any]]:
    """Yield the raw records of some regions, newest first.

    `client_of` makes a region's client; `on_page` is told how many events each answer held. Every region has its own
    pace and fetches one page ahead, so that ten regions take no longer than the fullest of them.
    """
    # boto3 makes clients one at a time: a session is not safe to share among threads, clients are.
    clients = [client_of(region) for region in regions]
    with ThreadPoolExecutor(max_workers=max(1, len(clients))) as threads:
        streams = [_entries(_pages(client, lookup, pace(), threads), on_page) for client in clients]
        for _, record in heapq.merge(*streams, key=lambda entry: entry[0], reverse=True):
            yield record


def _entries(pages: Iterator[Page], on_page: Callable[[int], None]) -> Iterator[tuple[datetime, dict[str, Any]]]:
    for page in pages:
        events = page.get("Events", [])
        on_page(len(events))
        for event in events:
            yield event["EventTime"], json.loads(event["CloudTrailEvent"])


def _pages(client: Any, lookup: Lookup, pace: Pace, threads: ThreadPoolExecutor) -> Iterator[Page]:
    """Return a region's answers. The first is asked for at once, each further one while the one before is read."""
    arguments = lookup.arguments()

    def ask(token: str | None) -> Future[Page]:
        return threads.submit(_ask, client, arguments | ({"NextToken": token} if token else {}), pace)

    def follow(coming: Future[Page] | None) -> Iterator[Page]:
        while coming:
            page = coming.result()
            token = page.get("NextToken")
            coming = ask(token) if token else None
            yield page

    return follow(ask(None))


def _ask(client: Any, arguments: Mapping[str, Any], pace: Pace) -> Page:
    """Call the API, and again when it says that this was too often: others in the account may be asking, too."""
    from botocore.exceptions import ClientError

    for attempt in range(MAX_THROTTLED):
        pace.wait()
        try:
            page: Page = client.lookup_events(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] not in THROTTLED or attempt == MAX_THROTTLED - 1:
                raise
            pace.sleep(2.0**attempt)
        else:
            return page
    raise AssertionError("the last attempt returns or raises")
