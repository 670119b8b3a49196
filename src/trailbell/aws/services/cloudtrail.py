"""CloudTrail: `cloudtrail.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cloudtrail",
    name="CloudTrail",
    members={
        "AWS::CloudTrail::Trail": "^name trailname trailarn",
        "AWS::S3::Bucket": "s3bucketname",
        "AWS::CloudTrail::EventDataStore": "eventdatastore eventdatastorearn",
    },
    arn_types={
        "trail": "AWS::CloudTrail::Trail",
        "eventdatastore": "AWS::CloudTrail::EventDataStore",
    },
    roles={"StartLogging": "changed"},
    pages={"AWS::CloudTrail::Trail": "cloudtrailv2/home?region={region}#/trails"},
    sentences={
        "CreateTrail": "create trail {name}",
        "UpdateTrail": "change trail {#name}",
        "DeleteTrail": "delete trail {#name}",
        "StartLogging": "start logging of trail {#name}",
        "StopLogging": "stop logging of trail {#name}",
        "PutEventSelectors": "change what trail {#trailName} records",
        "DeleteEventDataStore": "delete event data store {#eventDataStore}",
    },
    undo={"StopLogging": "cloudtrail start-logging --name {name}"},
)
