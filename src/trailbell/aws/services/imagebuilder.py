"""EC2 Image Builder: `imagebuilder.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="imagebuilder",
    name="imagebuilder",
    members={"AWS::ImageBuilder::Image": "imagebuildversionarn"},
)
