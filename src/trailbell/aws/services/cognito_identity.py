"""Cognito identity pools: `cognito-identity.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cognito-identity",
    name="Cognito identity pools",
    members={"AWS::Cognito::IdentityPool": "identitypoolid"},
)
