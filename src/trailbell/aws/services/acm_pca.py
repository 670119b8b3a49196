"""Private CA: `acm-pca.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="acm-pca",
    name="Private CA",
    members={"AWS::ACMPCA::CertificateAuthority": "certificateauthorityarn"},
)
