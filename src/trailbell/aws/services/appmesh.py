"""App Mesh: `appmesh.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="appmesh",
    name="appmesh",
    members={
        "AWS::AppMesh::Mesh": "meshname",
        "AWS::AppMesh::VirtualNode": "virtualnodename",
        "AWS::AppMesh::VirtualGateway": "virtualgatewayname",
        "AWS::AppMesh::VirtualService": "virtualservicename",
    },
)
