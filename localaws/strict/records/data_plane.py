"""Calls that are data events, which a trail's management events do not hold.

No page of AWS lists them all. Those of a line with an address are from it; all of them are in keeping with
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html, which names the
resource types. A service or operation that is not listed is taken for management.
"""

from collections.abc import Mapping

_EVERYTHING = frozenset({"*"})
_OPERATIONS: Mapping[str, frozenset[str]] = {
    # https://docs.aws.amazon.com/appconfig/latest/userguide/logging-using-cloudtrail.html
    "appconfigdata": _EVERYTHING,
    "appconfig": frozenset({"GetConfiguration"}),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls_cloudtrail.html
    "cloudwatch": frozenset({"GetMetricData", "GetMetricWidgetImage", "PutMetricData"}),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html
    "dynamodb": frozenset(
        {
            "BatchExecuteStatement",
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "ExecuteStatement",
            "ExecuteTransaction",
            "GetItem",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        }
    ),
    "dynamodbstreams": frozenset({"GetRecords", "GetShardIterator"}),
    # PutEvents is on no list of management events either: it is the bus's data.
    "events": frozenset({"PutEvents", "PutPartnerEvents"}),
    "firehose": frozenset({"PutRecord", "PutRecordBatch"}),
    "kinesis": frozenset({"GetRecords", "GetShardIterator", "PutRecord", "PutRecords", "SubscribeToShard"}),
    # https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
    "lambda": frozenset({"Invoke", "InvokeAsync", "InvokeWithResponseStream"}),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/logging_cw_api_calls_cloudtrail_cwl.html
    "logs": frozenset({"FilterLogEvents", "GetLogEvents", "GetLogObject", "GetLogRecord", "PutLogEvents"}),
    "rds-data": frozenset({"BatchExecuteStatement", "ExecuteStatement"}),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
    "s3": frozenset(
        {
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "DeleteObject",
            "DeleteObjectTagging",
            "DeleteObjects",
            "GetObject",
            "GetObjectAcl",
            "GetObjectAttributes",
            "GetObjectLegalHold",
            "GetObjectRetention",
            "GetObjectTagging",
            "GetObjectTorrent",
            "HeadObject",
            "ListMultipartUploads",
            "ListObjectVersions",
            "ListObjects",
            "ListObjectsV2",
            "ListParts",
            "PutObject",
            "PutObjectAcl",
            "PutObjectLegalHold",
            "PutObjectRetention",
            "PutObjectTagging",
            "RestoreObject",
            "SelectObjectContent",
            "UploadPart",
            "UploadPartCopy",
        }
    ),
    # https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html
    "sns": frozenset({"Publish", "PublishBatch"}),
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html
    "sqs": frozenset(
        {
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
        }
    ),
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cloud-trail.html
    "stepfunctions": frozenset({"InvokeHTTPEndpoint", "SendTaskFailure", "SendTaskHeartbeat", "SendTaskSuccess"}),
}
"""botocore's name of a service -> its operations, by their names in the API."""


def is_data_event(service: str, operation: str) -> bool:
    """Tell whether CloudTrail takes the call for a data event. `service` is botocore's name."""
    operations = _OPERATIONS.get(service, frozenset())
    return operations is _EVERYTHING or operation in operations
