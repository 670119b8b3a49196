"""Certificate Manager: `acm.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="acm",
    name="Certificate Manager",
    members={"AWS::CertificateManager::Certificate": "certificatearn"},
    arn_types={"certificate": "AWS::CertificateManager::Certificate"},
    sentences={
        "RequestCertificate": "request a certificate for {domainName}",
        "DeleteCertificate": "delete certificate {#certificateArn}",
    },
)
