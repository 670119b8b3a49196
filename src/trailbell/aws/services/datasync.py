"""DataSync: `datasync.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="datasync",
    name="datasync",
    members={
        "AWS::DataSync::Task": "taskarn",
        "AWS::DataSync::LocationS3": "locationarn",
    },
)
