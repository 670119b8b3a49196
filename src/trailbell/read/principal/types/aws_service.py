"""An AWS service on its own."""

from trailbell.read.principal.identity_type import IdentityType


class AwsService(IdentityType):
    """`AWSService`."""

    words = "AWS service"
    always = "service"


TYPE = AwsService()
