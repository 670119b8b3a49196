"""Glue: `glue.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="glue",
    name="Glue",
    members={
        "AWS::Glue::Database": "databasename",
        "AWS::Glue::Table": "tablename",
        "AWS::Glue::Job": "jobname ^name",
        "AWS::Glue::Crawler": "crawlername",
        "AWS::Glue::DevEndpoint": "endpointname",
        "AWS::Glue::DataCatalog": "catalogid",
    },
    arn_types={
        "database": "AWS::Glue::Database",
        "table": "AWS::Glue::Table",
        "job": "AWS::Glue::Job",
    },
    without_resource={
        "PutDataCatalogEncryptionSettings": "the data catalog is the account's own and has no name",
        "PutResourcePolicy": "without ResourceArn it is the data catalog's policy, which has no name",
    },
)
