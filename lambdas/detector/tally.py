"""How many alerts there are by rule, by severity and by account, as metrics."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trailbell.alert import Alert

DIMENSIONS = ("rule", "severity", "account")
"""One metric for each value: paid for the hours in which it alerts, never for the rules that exist."""


def tally(alert: "Alert", *, namespace: str, now_seconds: float) -> str:
    """Return one line of CloudWatch's embedded metric format, which makes three metrics.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    directive = {
        "Namespace": namespace,
        "Dimensions": [[name] for name in DIMENSIONS],
        "Metrics": [{"Name": "Alerts", "Unit": "Count"}],
    }
    return json.dumps(
        {
            "_aws": {"Timestamp": int(now_seconds * 1000), "CloudWatchMetrics": [directive]},
            "rule": alert.rule.id,
            "severity": alert.severity,
            "account": alert.event.account_id or "unknown",
            "Alerts": 1,
        }
    )
