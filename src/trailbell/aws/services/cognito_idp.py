"""Cognito user pools: `cognito-idp.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cognito-idp",
    name="Cognito user pools",
    members={
        "AWS::Cognito::UserPool": "userpoolid poolname",
        "AWS::Cognito::UserPoolClient": "clientid",
        "AWS::Cognito::UserPoolUser": "username",
        "AWS::Cognito::UserPoolGroup": "groupname",
    },
    arn_types={"userpool": "AWS::Cognito::UserPool"},
    api_words={
        "AWS::Cognito::UserPoolUser": (
            "admincreateuser",
            "admindeleteuser",
            "admindisableuser",
            "adminenableuser",
            "signup",
        )
    },
)
