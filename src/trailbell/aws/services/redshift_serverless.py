"""Redshift Serverless: `redshift-serverless.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="redshift-serverless",
    name="redshift-serverless",
    members={
        "AWS::RedshiftServerless::Workgroup": "workgroupname",
        "AWS::RedshiftServerless::Namespace": "namespacename",
    },
)
