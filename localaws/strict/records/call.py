"""One API call as it was seen at the door: the request, the answer, who called, and what the trails were then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call and its answer."""

    signing_name: str
    """The service of the signature's credential scope: `iam`, `monitoring`."""
    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, list[str]]
    body: bytes
    status: int
    answer_headers: Mapping[str, str]
    """Names in lower case."""
    answer_body: bytes
    account: str
    region: str
    source_ip: str
    request_id: str
    time: datetime
    identity: Mapping[str, Any]
    """The caller as `userIdentity` names it, worked out before the call: it may have deleted its own key."""
    trails: tuple["Trail", ...]
    """The account's trails as they were before the call: a StopLogging is told by the trail that it stops."""

    @property
    def failed(self) -> bool:
        """Tell whether the answer is an error."""
        return self.status >= 300  # noqa: PLR2004 - as botocore's parsers tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What decides whether a trail logs an event."""

    home_region: str
    multi_region: bool
    global_events: bool
    """IncludeGlobalServiceEvents."""
    selectors: tuple[Mapping[str, Any], ...]
    """Event selectors, or advanced ones, which carry `FieldSelectors`."""
