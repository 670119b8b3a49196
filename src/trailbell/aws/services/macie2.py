"""Macie: `macie2.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="macie2",
    name="Macie",
    members={
        "AWS::Macie::CustomDataIdentifier": "customdataidentifierid",
        "AWS::Macie::ClassificationJob": "jobid",
    },
    sentences={"DisableMacie": "switch off Macie"},
)
