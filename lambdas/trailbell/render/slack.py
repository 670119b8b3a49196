"""The alert for Slack."""

from typing import Any

from trailbell.alert import Alert
from trailbell.render.text import text


def message(alert: Alert) -> dict[str, Any]:
    """Return the Slack message."""
    section = {"type": "section", "text": {"type": "plain_text", "text": text(alert)[:3000]}}
    return {"text": alert.summary, "blocks": [section]}
