"""Storage Gateway: `storagegateway.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="storagegateway",
    name="Storage Gateway",
    members={"AWS::StorageGateway::Gateway": "gatewayarn"},
)
