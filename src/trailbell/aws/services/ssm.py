"""Systems Manager: `ssm.amazonaws.com`."""

from trailbell.aws.service import Service


def parameter_name(kind: str, rest: str) -> str:
    """Return the name; of a parameter in a hierarchy, an ARN holds all but the slash that the name begins with."""
    return f"/{rest}" if kind == "parameter" and "/" in rest else rest


SERVICE = Service(
    source="ssm",
    name="Systems Manager",
    members={
        "AWS::SSM::Parameter": "^name ^names",
        "AWS::SSM::Document": "documentname ^name",
        "AWS::EC2::Instance": "instanceid instanceids target",
        "AWS::SSM::Association": "associationid",
        "AWS::SSM::Session": "sessionid",
        "AWS::SSM::Command": "commandid",
        "AWS::SSM::MaintenanceWindow": "windowid",
        "AWS::SSM::PatchBaseline": "baselineid",
        "AWS::SSM::ManagedResource": "resourceid",
    },
    arn_types={
        "parameter": "AWS::SSM::Parameter",
        "document": "AWS::SSM::Document",
    },
    arn_id=parameter_name,
    pages={"AWS::SSM::Parameter": "systems-manager/parameters/{id}/description?region={region}"},
    sentences={
        "SendCommand": "run {documentName} on {instanceIds|targets.values}",
        "StartSession": "open a session on {target}",
        "PutParameter": "set parameter {name}",
        "DeleteParameter": "delete parameter {name}",
        "GetParameter": "read parameter {name}",
        "GetParameters": "read parameters {names}",
    },
)
