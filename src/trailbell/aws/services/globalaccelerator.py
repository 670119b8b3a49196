"""Global Accelerator: `globalaccelerator.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="globalaccelerator",
    name="globalaccelerator",
    members={"AWS::GlobalAccelerator::Accelerator": "acceleratorarn"},
)
