"""Posts JSON over HTTP, and tells what the answer means for the alert."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from trailbell.contract.version import VERSION
from trailbell.destinations.transport.outcome import DELIVERED, Outcome

TIMEOUT_SECONDS = 8
MAX_ANSWER_BYTES = 4096
REQUEST_TIMEOUT = 408
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered."""

    status: int
    """HTTP's; 0 where it could not be reached."""
    text: str
    """The first bytes of the body, or why there is none."""
    retry_after_seconds: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the request was taken."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own numbers


class _NoRedirects(HTTPRedirectHandler):
    """Following a redirect would take the alert, and the key with it, to another host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post a JSON body. Raises nothing: what goes wrong is in the answer.

    `url` must come from a checked secret: its scheme and host are not looked at here.
    """
    content_type = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"Trailbell/{VERSION}"}
    request = Request(url, data=body, headers={**content_type, **headers}, method="POST")  # noqa: S310 - the scheme was checked with the secret
    try:
        with build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as answer:
            return Answer(status=answer.status, text=answer.read(MAX_ANSWER_BYTES).decode("utf-8", "replace"))
    except HTTPError as error:
        wait = error.headers.get("Retry-After")
        return Answer(
            status=error.code,
            text=error.read(MAX_ANSWER_BYTES).decode("utf-8", "replace"),
            retry_after_seconds=int(wait) if wait and wait.isdecimal() else None,
        )
    except (OSError, HTTPException) as error:
        return Answer(status=0, text=f"{type(error).__name__}: it could not be reached")


def judge(answer: Answer) -> Outcome:
    """Tell what an answer means: no answer, 408, 429 and 5xx pass; every other refusal is for good."""
    if answer.ok:
        return DELIVERED
    reason = f"HTTP {answer.status} {answer.text.strip()[:100]}".strip() if answer.status else answer.text
    passing = answer.status in {0, REQUEST_TIMEOUT, TOO_MANY_REQUESTS} or answer.status >= SERVER_ERROR
    return Outcome(
        kind="try-later" if passing else "refused", reason=reason, retry_after_seconds=answer.retry_after_seconds
    )
