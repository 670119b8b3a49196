"""Elemental MediaStore: `mediastore.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="mediastore",
    name="mediastore",
    members={"AWS::MediaStore::Container": "containername"},
)
