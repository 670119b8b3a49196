"""CloudSearch: `cloudsearch.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="cloudsearch",
    name="cloudsearch",
    members={"AWS::CloudSearch::Domain": "domainname"},
)
