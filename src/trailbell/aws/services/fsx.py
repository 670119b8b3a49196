"""FSx: `fsx.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="fsx",
    name="FSx",
    members={
        "AWS::FSx::FileSystem": "filesystemid",
        "AWS::FSx::Backup": "backupid",
    },
)
