"""Directory Service: `ds.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="ds",
    name="Directory Service",
    members={"AWS::DirectoryService::MicrosoftAD": "directoryid"},
)
