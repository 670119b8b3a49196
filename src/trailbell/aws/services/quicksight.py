"""QuickSight: `quicksight.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="quicksight",
    name="QuickSight",
    members={
        "AWS::QuickSight::Dashboard": "dashboardid",
        "AWS::QuickSight::DataSet": "datasetid",
        "AWS::QuickSight::User": "username",
    },
)
