"""Service Catalog: `servicecatalog.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="servicecatalog",
    name="Service Catalog",
    members={
        "AWS::ServiceCatalog::Portfolio": "portfolioid",
        "AWS::ServiceCatalog::CloudFormationProduct": "productid",
    },
)
