"""Resource Access Manager: `ram.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="ram",
    name="Resource Access Manager",
    members={"AWS::RAM::ResourceShare": "resourcesharearn resourcesharearns ^name"},
    arn_types={"resource-share": "AWS::RAM::ResourceShare"},
    sentences={"CreateResourceShare": "create resource share {name}"},
)
