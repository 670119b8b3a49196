"""Lake Formation: `lakeformation.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="lakeformation",
    name="Lake Formation",
    members={
        "AWS::LakeFormation::Resource": "resourcearn",
        "AWS::Glue::Database": "databasename",
    },
)
