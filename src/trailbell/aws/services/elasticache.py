"""ElastiCache: `elasticache.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="elasticache",
    name="ElastiCache",
    members={
        "AWS::ElastiCache::CacheCluster": "cacheclusterid",
        "AWS::ElastiCache::ReplicationGroup": "replicationgroupid",
        "AWS::ElastiCache::Snapshot": "snapshotname",
        "AWS::ElastiCache::User": "userid",
    },
)
