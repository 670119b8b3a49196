"""Transfer Family: `transfer.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="transfer",
    name="Transfer Family",
    members={
        "AWS::Transfer::Server": "serverid",
        "AWS::Transfer::User": "username",
    },
)
