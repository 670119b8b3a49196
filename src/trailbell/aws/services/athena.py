"""Athena: `athena.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="athena",
    name="Athena",
    members={
        "AWS::Athena::WorkGroup": "workgroup",
        "AWS::Athena::NamedQuery": "namedqueryid",
    },
    arn_types={"workgroup": "AWS::Athena::WorkGroup"},
    roles={"StartQueryExecution": "used"},
)
