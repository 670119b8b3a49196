"""Service Quotas: `servicequotas.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="servicequotas",
    name="Service Quotas",
    members={"AWS::ServiceQuotas::Quota": "quotacode"},
)
