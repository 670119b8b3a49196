"""The detector's meter, which remembers instead of writing."""

from collections import Counter
from collections.abc import Mapping

from trailbell.alert import Alert
from trailbell.functions.detector.meter import Meter


class RecordingMeter(Meter):
    """Adds up the books, and keeps the alerts."""

    def __init__(self) -> None:
        super().__init__(namespace="Trailbell", service="detector", now_seconds=lambda: 0)
        self.counted = Counter[str]()
        self.alerts: list[Alert] = []

    def books(self, entries: Mapping[str, int], config_version: str | None) -> None:  # noqa: ARG002 - the base's
        self.counted.update(entries)

    def alert(self, alert: Alert) -> None:
        self.alerts.append(alert)
