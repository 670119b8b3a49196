"""Slack: an incoming webhook, or a bot token with `chat.postMessage`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from notifier import web
from notifier.outcome import DELIVERED, Outcome
from notifier.secret import is_https, read_fields, read_secret
from trailbell.alert import Alert
from trailbell.errors import DeliveryError
from trailbell.render.digest import Digest
from trailbell.render.slack import message
from trailbell.render.slack_digest import digest_message

HOSTS = ("hooks.slack.com", "slack.com")
POST_MESSAGE_URL = "https://slack.com/api/chat.postMessage"
HOW_TO_FILL = (
    'fill the secret with {"webhook_url": "https://hooks.slack.com/services/..."} '
    'or {"bot_token": "xoxb-...", "channel": "#alerts"} (aws secretsmanager put-secret-value)'
)
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
    token: str | None = field(default=None, repr=False)
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPlaces:
    """What the deployment says of where to post; the rest is in the secret."""

    channel: str | None = None
    """Where a bot token posts unless the secret names another."""
    channels: Mapping[str, str] = field(default_factory=dict)
    """A route's label -> the channel that a bot token posts to."""
    endpoint: str | None = None
    """`http(s)://host[:port]`: the one further place that the deployment allows."""


class Slack:
    """Posts alerts to Slack."""

    def __init__(self, *, read_secret: Callable[[], str], places: SlackPlaces) -> None:
        self._read_secret = read_secret
        self._places = places

    def send(self, alert: Alert, label: str) -> Outcome:
        """Post the alert's message to the label's channel."""
        return self._post(message(alert), label)

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        """Post the digest's message."""
        return self._post(digest_message(digest), label)

    def _post(self, content: Mapping[str, Any], label: str) -> Outcome:
        return post(parse_secret(self._read_secret(), self._places, label), content)


def make(environment: Mapping[str, str]) -> Slack:
    """Return Slack as this function's deployment has it."""
    arn = environment["TRAILBELL_SECRET_ARN"]
    places = SlackPlaces(
        channel=environment.get("TRAILBELL_SLACK_CHANNEL"),
        channels=json.loads(environment.get("TRAILBELL_SLACK_CHANNELS", "{}")),
        endpoint=environment.get("TRAILBELL_SLACK_ENDPOINT"),
    )
    return Slack(read_secret=lambda: read_secret(arn), places=places)


def parse_secret(text: str, places: SlackPlaces, label: str = "") -> SlackTarget:
    """Read the secret: JSON, or a webhook URL by itself. Raises DeliveryError, whose message never holds the secret."""
    content = read_fields(text, HOW_TO_FILL) if text.lstrip().startswith("{") else {"webhook_url": text.strip()}
    if token := content.get("bot_token"):
        channel = places.channels.get(label) if label else content.get("channel") or places.channel
        if not (isinstance(token, str) and isinstance(channel, str) and channel):
            raise DeliveryError(f"The Slack secret has a bot_token, but no channel; {HOW_TO_FILL}")
        url = f"{places.endpoint}/api/chat.postMessage" if places.endpoint else POST_MESSAGE_URL
        return SlackTarget(url=url, token=token, channel=channel)
    if label:
        webhooks = content.get("webhooks")
        webhook = webhooks.get(label) if isinstance(webhooks, Mapping) else None
        name = f"webhooks.{label}"
    else:
        webhook, name = content.get("webhook_url"), "webhook_url"
    if not isinstance(webhook, str) or not webhook:
        raise DeliveryError(f"The Slack secret's {name} is not filled; {HOW_TO_FILL}")
    if not is_https(webhook, HOSTS, endpoint=places.endpoint):
        raise DeliveryError(
            f"The Slack secret's {name} does not begin with https://hooks.slack.com/; "
            "another host must be named by destinations.slack.endpoint in the config"
        )
    return SlackTarget(url=webhook)


def post(target: SlackTarget, content: Mapping[str, Any]) -> Outcome:
    """Post one message. Raises nothing: what goes wrong is in the outcome."""
    body = {**content, "channel": target.channel} if target.channel else content
    headers = {"Authorization": f"Bearer {target.token}"} if target.token else {}
    answer = web.post(target.url, json.dumps(body).encode(), headers)
    return judge_api_answer(answer.text) if target.token and answer.ok else web.judge(answer)


def judge_api_answer(text: str) -> Outcome:
    """Tell what the API's JSON answer means: it says 200 to errors, too."""
    try:
        answer = json.loads(text)
    except ValueError:
        return Outcome(kind="try-later", reason="Slack's API did not answer in JSON")
    if isinstance(answer, dict) and answer.get("ok") is True:
        return DELIVERED
    error = str(answer.get("error")) if isinstance(answer, dict) else "no error named"
    return Outcome(kind="try-later" if error in TRANSIENT_API_ERRORS else "refused", reason=error[:100])
