"""DynamoDB: `dynamodb.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="dynamodb",
    name="DynamoDB",
    members={
        "AWS::DynamoDB::Table": "tablename sourcetablename targettablename",
        "AWS::DynamoDB::Backup": "backuparn",
    },
    arn_types={"table": "AWS::DynamoDB::Table"},
    pages={"AWS::DynamoDB::Table": "dynamodbv2/home?region={region}#table?name={id}"},
    sentences={
        "CreateTable": "create table {tableName}",
        "DeleteTable": "delete table {#tableName}",
        "ExportTableToPointInTime": "export table {#tableArn} to bucket {s3Bucket}",
    },
)
