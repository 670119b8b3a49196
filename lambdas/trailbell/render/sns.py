"""The alert for SNS."""

import json
from typing import Any

from trailbell.alert import Alert
from trailbell.render.document import to_document
from trailbell.render.text import subject, text


def publication(alert: Alert, *, https_format: str = "json") -> dict[str, Any]:
    """Return Publish's arguments."""
    del https_format
    message = {"default": json.dumps(to_document(alert), default=str), "email": text(alert)}
    attributes = {"severity": alert.severity, "rule": alert.rule.id}
    return {
        "Subject": subject(alert),
        "Message": json.dumps(message),
        "MessageStructure": "json",
        "MessageAttributes": {k: {"DataType": "String", "StringValue": v} for k, v in attributes.items()},
    }
