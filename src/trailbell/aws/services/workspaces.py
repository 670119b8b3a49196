"""WorkSpaces: `workspaces.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="workspaces",
    name="WorkSpaces",
    members={
        "AWS::WorkSpaces::Workspace": "workspaceid",
        "AWS::WorkSpaces::Directory": "directoryid",
    },
)
