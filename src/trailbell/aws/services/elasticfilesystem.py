"""EFS: `elasticfilesystem.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="elasticfilesystem",
    name="EFS",
    members={
        "AWS::EFS::FileSystem": "filesystemid",
        "AWS::EFS::MountTarget": "mounttargetid",
        "AWS::EFS::AccessPoint": "accesspointid",
    },
    arn_types={"file-system": "AWS::EFS::FileSystem"},
    id_types={
        "fs": "AWS::EFS::FileSystem",
        "fsap": "AWS::EFS::AccessPoint",
    },
)
