"""The detector's metrics: lines of CloudWatch's embedded metric format in its log.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
Written here rather than by Powertools: docs/decisions/0015-metrics.md.
"""

import json
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trailbell.alert import Alert

ALERT_DIMENSIONS = ("rule", "severity", "account")
"""One metric for each value: paid for the hours in which it alerts, never for the rules that exist."""


class Meter:
    """Writes metrics to the standard output, which is the function's log."""

    def __init__(self, *, namespace: str, service: str, now_seconds: Callable[[], float]) -> None:
        """`now_seconds` returns the seconds since 1970."""
        self._namespace = namespace
        self._service = service
        self._now_seconds = now_seconds

    def books(self, entries: Mapping[str, int], config_version: str | None) -> None:
        """Write what one event was counted as: each entry is a metric."""
        version = {"config_version": config_version} if config_version is not None else {}
        directive = _directive(self._namespace, ("service",), tuple(entries), "Count")
        self._write(directive, {"service": self._service, **version, **entries})

    def alert(self, alert: "Alert") -> None:
        """Write that there is one more alert of its rule, of its severity and of its account, and how late it is."""
        values = {
            "service": self._service,
            "rule": alert.rule.id,
            "severity": alert.severity,
            "account": alert.event.account_id or "unknown",
            "Alerts": 1,
            "AlertDelay": alert.delay_seconds,
        }
        count = _directive(self._namespace, ALERT_DIMENSIONS, ("Alerts",), "Count")
        delay = _directive(self._namespace, ("service",), ("AlertDelay",), "Seconds")
        self._write(f"{count}, {delay}", values)

    def _write(self, directives: str, values: Mapping[str, Any]) -> None:
        metadata = f'"_aws": {{"Timestamp": {int(self._now_seconds() * 1000)}, "CloudWatchMetrics": [{directives}]}}'
        # In one piece: Lambda's runtime passes each write on at once.
        sys.stdout.write(f"{{{metadata}, {json.dumps(values)[1:]}\n")


@lru_cache(maxsize=128)
def _directive(namespace: str, dimensions: tuple[str, ...], metrics: tuple[str, ...], unit: str) -> str:
    """Return the JSON that makes metrics of members of the line: each once for each dimension."""
    return json.dumps(
        {
            "Namespace": namespace,
            "Dimensions": [[dimension] for dimension in dimensions],
            "Metrics": [{"Name": name, "Unit": unit} for name in metrics],
        }
    )
