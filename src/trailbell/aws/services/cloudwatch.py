"""CloudWatch's other event source, `cloudwatch.amazonaws.com`; alarms come from `monitoring.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cloudwatch",
    name="cloudwatch",
    members={"AWS::CloudWatch::Namespace": "namespace"},
)
