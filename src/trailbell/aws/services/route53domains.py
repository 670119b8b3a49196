"""Route 53 Domains: `route53domains.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="route53domains",
    name="Route 53 Domains",
    members={"AWS::Route53Domains::Domain": "domainname"},
    sentences={
        "TransferDomain": "transfer domain {domainName}",
        "DisableDomainTransferLock": "unlock domain {domainName} for transfer",
    },
)
