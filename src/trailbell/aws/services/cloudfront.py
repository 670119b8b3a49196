"""CloudFront: `cloudfront.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cloudfront",
    name="CloudFront",
    members={
        "AWS::CloudFront::Distribution": "^id distributionid",
        "AWS::CloudFront::Function": "^name",
    },
    arn_types={"distribution": "AWS::CloudFront::Distribution"},
    global_console=True,
    pages={"AWS::CloudFront::Distribution": "cloudfront/v4/home#/distributions/{id}"},
)
