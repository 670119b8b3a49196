"""OpenSearch Service: `es.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="es",
    name="OpenSearch Service",
    members={"AWS::OpenSearchService::Domain": "domainname"},
)
