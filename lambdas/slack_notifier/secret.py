"""How to reach Slack, as the secret tells it."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from trailbell.errors import DeliveryError

SLACK_HOSTS = ("hooks.slack.com", "slack.com")
POST_MESSAGE_URL = "https://slack.com/api/chat.postMessage"
HOW_TO_FILL = (
    'fill the secret with {"webhook_url": "https://hooks.slack.com/services/..."} '
    'or {"bot_token": "xoxb-...", "channel": "#alerts"} (aws secretsmanager put-secret-value)'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackTarget:
    """Where to post, and with what."""

    url: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    channel: str | None = None


def parse_secret(text: str, *, channel: str | None = None, endpoint: str | None = None) -> SlackTarget:
    """Read the secret: JSON, or a webhook URL by itself.

    `channel` is where a bot token posts unless the secret names another. `endpoint` (`http(s)://host[:port]`) is the
    one further place that the deployment allows. Raises DeliveryError, whose message never holds the secret.
    """
    try:
        content = json.loads(text) if text.lstrip().startswith("{") else {"webhook_url": text.strip()}
    except ValueError as error:
        # `error` quotes the secret: it is not chained.
        raise DeliveryError(
            f"The Slack secret is no JSON (character {getattr(error, 'pos', '?')}); {HOW_TO_FILL}"
        ) from None
    token, channel, webhook = content.get("bot_token"), content.get("channel") or channel, content.get("webhook_url")
    if token:
        if not (isinstance(token, str) and isinstance(channel, str) and channel):
            raise DeliveryError(f"The Slack secret has a bot_token, but no channel; {HOW_TO_FILL}")
        url = f"{endpoint}/api/chat.postMessage" if endpoint else POST_MESSAGE_URL
        return SlackTarget(url=url, token=token, channel=channel)
    if not isinstance(webhook, str) or not webhook:
        raise DeliveryError(f"The Slack secret is not filled; {HOW_TO_FILL}")
    _check_webhook(webhook, endpoint)
    return SlackTarget(url=webhook)


def _check_webhook(webhook: str, endpoint: str | None) -> None:
    """Let alerts go nowhere but to Slack, or where the deployment says."""
    parts = urlsplit(webhook)
    if parts.scheme == "https" and parts.netloc in SLACK_HOSTS:
        return
    if endpoint is not None and f"{parts.scheme}://{parts.netloc}" == endpoint:
        return
    raise DeliveryError(
        "The Slack secret's webhook_url does not begin with https://hooks.slack.com/; "
        "another host must be named by destinations.slack.endpoint in the config"
    )
