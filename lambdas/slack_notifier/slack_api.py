"""Posts to Slack over HTTP and tells what its answer means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Literal
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_notifier.secret import SlackTarget

TIMEOUT_SECONDS = 8
MAX_ANSWER_BYTES = 4096
TRANSIENT_API_ERRORS = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""`error` values of Slack's API after which the same call may succeed; every other one is permanent.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one post."""

    kind: Literal["delivered", "try-later", "refused"]
    reason: str = ""
    """Slack's own word for it; never holds the message or the secret."""
    retry_after_seconds: int | None = None
    """What Slack asked to wait."""


class _NoRedirects(HTTPRedirectHandler):
    """Slack's endpoints do not redirect; following one would take the alert to another host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def post(target: SlackTarget, message: Mapping[str, Any]) -> Outcome:
    """Post one message. Raises nothing: what goes wrong is in the outcome."""
    body = {**message, "channel": target.channel} if target.channel else message
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if target.token:
        headers["Authorization"] = f"Bearer {target.token}"
    request = Request(target.url, data=json.dumps(body).encode(), headers=headers, method="POST")  # noqa: S310 - the scheme was checked with the secret
    try:
        with build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as answer:
            text = answer.read(MAX_ANSWER_BYTES).decode("utf-8", "replace")
    except HTTPError as error:
        return judge_status(
            error.code, error.headers.get("Retry-After"), error.read(MAX_ANSWER_BYTES).decode("utf-8", "replace")
        )
    except (OSError, HTTPException) as error:
        return Outcome(kind="try-later", reason=f"{type(error).__name__}: Slack could not be reached")
    return judge_api_answer(text) if target.token else Outcome(kind="delivered")


def judge_status(status: int, retry_after: str | None, answer: str) -> Outcome:
    """Tell what an HTTP error means: 429 and 5xx pass, every other one is permanent."""
    reason = f"HTTP {status} {answer.strip()[:100]}".strip()
    if status == TOO_MANY_REQUESTS:
        wait = int(retry_after) if retry_after and retry_after.isdecimal() else None
        return Outcome(kind="try-later", reason=reason, retry_after_seconds=wait)
    return Outcome(kind="try-later" if status >= SERVER_ERROR else "refused", reason=reason)


def judge_api_answer(text: str) -> Outcome:
    """Tell what the API's JSON answer means: it says 200 to errors, too."""
    try:
        answer = json.loads(text)
    except ValueError:
        return Outcome(kind="try-later", reason="Slack's API did not answer in JSON")
    if isinstance(answer, dict) and answer.get("ok") is True:
        return Outcome(kind="delivered")
    error = str(answer.get("error")) if isinstance(answer, dict) else "no error named"
    return Outcome(kind="try-later" if error in TRANSIENT_API_ERRORS else "refused", reason=error[:100])
