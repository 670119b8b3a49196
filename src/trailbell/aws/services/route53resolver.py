"""Route 53 Resolver: `route53resolver.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="route53resolver",
    name="Route 53 Resolver",
    members={
        "AWS::Route53Resolver::ResolverRule": "resolverruleid",
        "AWS::Route53Resolver::ResolverQueryLoggingConfig": "resolverquerylogconfigid",
        "AWS::EC2::VPC": "resourceid",
    },
    sentences={"DeleteResolverQueryLogConfig": "delete DNS query logging {resolverQueryLogConfigId}"},
)
