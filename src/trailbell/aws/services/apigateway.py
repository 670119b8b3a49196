"""API Gateway: `apigateway.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="apigateway",
    name="API Gateway",
    members={
        "AWS::ApiGateway::RestApi": "restapiid",
        "AWS::ApiGatewayV2::Api": "apiid",
        "AWS::ApiGateway::Stage": "stagename",
        "AWS::ApiGateway::ApiKey": "^apikey apikeyid",
        "AWS::ApiGateway::DomainName": "domainname",
        "AWS::ApiGateway::VpcLink": "vpclinkid",
    },
    arn_types={"": "AWS::ApiGateway::RestApi"},
)
