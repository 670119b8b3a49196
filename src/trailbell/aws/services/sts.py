"""STS: `sts.amazonaws.com`."""

from trailbell.aws.service import Service


def session_name(_kind: str, rest: str) -> str:
    """Leave out the role that stands before a session's name."""
    return rest.rpartition("/")[2]


SERVICE = Service(
    source="sts",
    name="STS",
    members={"AWS::IAM::Role": "rolearn"},
    arn_id=session_name,
    sentences={
        "AssumeRole": "assume role {#roleArn} as {roleSessionName}",
        "AssumeRoleWithSAML": "assume role {#roleArn} by SAML",
        "AssumeRoleWithWebIdentity": "assume role {#roleArn} by web identity as {roleSessionName}",
        "GetFederationToken": "get a federation token named {name}",
    },
)
