"""CloudWatch: `monitoring.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="monitoring",
    name="CloudWatch",
    members={
        "AWS::CloudWatch::Alarm": "alarmname alarmnames",
        "AWS::CloudWatch::Dashboard": "dashboardname dashboardnames",
        "AWS::CloudWatch::MetricStream": "^name",
    },
    arn_types={
        "alarm": "AWS::CloudWatch::Alarm",
        "dashboard": "AWS::CloudWatch::Dashboard",
    },
    pages={"AWS::CloudWatch::Alarm": "cloudwatch/home?region={region}#alarmsV2:alarm/{id}"},
    sentences={
        "DeleteAlarms": "delete alarm {alarmNames}",
        "DisableAlarmActions": "silence alarm {alarmNames}",
        "PutMetricAlarm": "set alarm {alarmName}",
    },
    undo={"DisableAlarmActions": "cloudwatch enable-alarm-actions --alarm-names {alarmNames}"},
)
