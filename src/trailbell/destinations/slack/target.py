"""Where to post, by what the deployment says and what the secret holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trailbell.destinations.slack.api import POST_METHOD, SlackTarget
from trailbell.destinations.transport.secret import is_https, read_fields
from trailbell.errors import DeliveryError

HOSTS = ("hooks.slack.com", "slack.com")
API_HOST = "https://slack.com"
HOW_TO_FILL = (
    'fill the secret with {"webhook_url": "https://hooks.slack.com/services/..."} '
    'or {"bot_token": "xoxb-...", "channel": "#alerts"} (aws secretsmanager put-secret-value)'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPlaces:
    """What the deployment says of where to post; the rest is in the secret."""

    channel: str | None = None
    """Where a bot token posts unless the secret names another."""
    channels: Mapping[str, str] = field(default_factory=dict)
    """A route's label -> the channel that a bot token posts to."""
    endpoint: str | None = None
    """`http(s)://host[:port]`: the one further place that the deployment allows."""


def parse_secret(text: str, places: SlackPlaces, label: str = "") -> SlackTarget:
    """Read the secret: JSON, or a webhook URL by itself. Raises DeliveryError, whose message never holds the secret."""
    content = read_fields(text, HOW_TO_FILL) if text.lstrip().startswith("{") else {"webhook_url": text.strip()}
    if token := content.get("bot_token"):
        channel = places.channels.get(label) if label else content.get("channel") or places.channel
        if not (isinstance(token, str) and isinstance(channel, str) and channel):
            raise DeliveryError(f"The Slack secret has a bot_token, but no channel; {HOW_TO_FILL}")
        url = f"{places.endpoint or API_HOST}/api/{POST_METHOD}"
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
