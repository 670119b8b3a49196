"""S3 Glacier: `glacier.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="glacier",
    name="S3 Glacier",
    members={"AWS::Glacier::Vault": "vaultname"},
)
