"""Slack's two ways in, an incoming webhook and the Web API, and what their answers mean."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trailbell.destinations.transport import web
from trailbell.destinations.transport.outcome import DELIVERED, Outcome

POST_METHOD = "chat.postMessage"
UPDATE_METHOD = "chat.update"
TRANSIENT_API_ERRORS = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""`error` values of Slack's API after which the same call may succeed; every other one is permanent.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackTarget:
    """Where to post, and with what."""

    url: str = field(repr=False)
    """A webhook, or `chat.postMessage`."""
    token: str | None = field(default=None, repr=False)
    channel: str | None = None

    @property
    def update_url(self) -> str:
        """Where a bot token changes what it posted."""
        return self.url.removesuffix(POST_METHOD) + UPDATE_METHOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What Slack answered."""

    outcome: Outcome
    channel: str | None = None
    """Id of the channel that the message stands in; a webhook does not tell."""
    timestamp: str | None = None
    """What Slack calls the message by; a webhook does not tell."""


def post(target: SlackTarget, content: Mapping[str, Any]) -> Reply:
    """Post one message. Raises nothing: what goes wrong is in the outcome."""
    return _call(target.url, target, {"channel": target.channel, **content} if target.channel else content)


def update(target: SlackTarget, content: Mapping[str, Any]) -> Reply:
    """Change a message; `content` names `channel` and `ts`. Raises nothing."""
    return _call(target.update_url, target, content)


def _call(url: str, target: SlackTarget, body: Mapping[str, Any]) -> Reply:
    headers = {"Authorization": f"Bearer {target.token}"} if target.token else {}
    answer = web.post(url, json.dumps(body).encode(), headers)
    return read_reply(answer.text) if target.token and answer.ok else Reply(outcome=web.judge(answer))


def read_reply(text: str) -> Reply:
    """Read the API's JSON answer: it says 200 to errors, too."""
    try:
        answer = json.loads(text)
    except ValueError:
        return Reply(outcome=Outcome(kind="try-later", reason="Slack's API did not answer in JSON"))
    if not isinstance(answer, dict):
        return Reply(outcome=Outcome(kind="refused", reason="no error named"))
    if answer.get("ok") is True:
        channel, timestamp = answer.get("channel"), answer.get("ts")
        return Reply(
            outcome=DELIVERED,
            channel=channel if isinstance(channel, str) else None,
            timestamp=timestamp if isinstance(timestamp, str) else None,
        )
    error = str(answer.get("error"))
    return Reply(outcome=Outcome(kind="try-later" if error in TRANSIENT_API_ERRORS else "refused", reason=error[:100]))
