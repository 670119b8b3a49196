"""CloudWatch Logs: `logs.amazonaws.com`."""

from trailbell.aws.service import Service


def log_group_name(_kind: str, rest: str) -> str:
    """Return the group, which a log stream's ARN stands for as well."""
    return rest.removesuffix(":*").partition(":log-stream")[0]


SERVICE = Service(
    source="logs",
    name="CloudWatch Logs",
    members={
        "AWS::Logs::LogGroup": "loggroupname loggroupidentifier",
        "AWS::Logs::LogStream": "logstreamname",
        "AWS::Logs::Destination": "destinationname",
        "AWS::Logs::SubscriptionFilter": "filtername",
    },
    arn_types={"log-group": "AWS::Logs::LogGroup"},
    arn_id=log_group_name,
    pages={"AWS::Logs::LogGroup": "cloudwatch/home?region={region}#logsV2:log-groups/log-group/{id}"},
    sentences={
        "DeleteLogGroup": "delete log group {logGroupName}",
        "DeleteLogStream": "delete log stream {logStreamName} of {logGroupName}",
        "CreateLogGroup": "create log group {logGroupName}",
        "PutRetentionPolicy": "keep log group {logGroupName} for {retentionInDays} days only",
    },
)
