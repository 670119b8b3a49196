"""The report: one HTML page that shows a replay, without any network."""

from trailbell.cli.report.model import Report, ReportedEvent, ReportedFinding
from trailbell.cli.report.write import write_report

__all__ = ["Report", "ReportedEvent", "ReportedFinding", "write_report"]
