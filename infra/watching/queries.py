"""Questions that people ask of the logs, saved in CloudWatch Logs Insights."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_logs
from constructs import Construct

DETECTOR_QUERIES: Mapping[str, str] = {
    "Alerts of the day by rule": """\
filter message = "Alert published"
| stats count(*) as alerts, max(@timestamp) as latest by rule, severity
| sort alerts desc""",
    "Findings not sent, and why": """\
filter message = "Finding not sent"
| stats count(*) as findings by rule, outcome, suppression
| sort findings desc""",
    "Slowest alerts": """\
fields @timestamp, alert_id, rule, event_delay_seconds
| filter message = "Alert published"
| sort event_delay_seconds desc
| limit 50""",
    "Slowest invocations": """\
filter type = "platform.report"
| fields @timestamp, record.metrics.durationMs as ms, record.metrics.initDurationMs as init_ms, record.requestId
| sort ms desc
| limit 50""",
    "Errors": """\
fields @timestamp, level, message, reason, rule, finding_id, exception
| filter level in ["ERROR", "CRITICAL"]
| sort @timestamp desc
| limit 100""",
    "Config versions in force": """\
filter ispresent(config_version) and ispresent(message)
| stats min(@timestamp) as first, max(@timestamp) as latest, count(*) as log_lines by config_version
| sort latest desc""",
}
NOTIFIER_QUERIES: Mapping[str, str] = {
    "Deliveries refused": """\
fields @timestamp, service, alert_id, reason
| filter level in ["ERROR", "CRITICAL"]
| sort @timestamp desc
| limit 100""",
    "Deliveries by destination": """\
filter message in ["Alert delivered", "Digest delivered", "Alert folded into a digest"]
| stats count(*) as messages by destination, message
| sort messages desc""",
}


class Queries(Construct):
    """Saved in a folder that is named after the stack."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        detector_logs: aws_logs.ILogGroup,
        notifier_logs: Sequence[aws_logs.ILogGroup],
    ) -> None:
        """Save those of the notifiers where there are any."""
        super().__init__(scope, id_)
        for queries, groups in ((DETECTOR_QUERIES, [detector_logs]), (NOTIFIER_QUERIES, notifier_logs)):
            for title, query in queries.items() if groups else ():
                aws_logs.CfnQueryDefinition(
                    self,
                    "".join(word.capitalize() for word in title.replace(",", "").split()),
                    name=f"{name}/{title}",
                    query_string=query,
                    log_group_names=[group.log_group_name for group in groups],
                )
