"""Route 53: `route53.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="route53",
    name="Route 53",
    members={
        "AWS::Route53::HostedZone": "hostedzoneid",
        "AWS::Route53::HealthCheck": "healthcheckid",
    },
    arn_types={"hostedzone": "AWS::Route53::HostedZone"},
    global_console=True,
    pages={"AWS::Route53::HostedZone": "route53/v2/hostedzones#ListRecordSets/{id}"},
    sentences={
        "CreateHostedZone": "create hosted zone {name}",
        "DeleteHostedZone": "delete hosted zone {id}",
        "ChangeResourceRecordSets": "change DNS records of hosted zone {hostedZoneId}",
    },
)
