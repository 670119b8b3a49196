"""Where AWS records what belongs to no region."""

from collections.abc import Mapping

_BY_PREFIX: Mapping[str, str] = {"cn-": "cn-north-1", "us-gov-": "us-gov-west-1"}


def global_region(region: str) -> str:
    """Return where IAM, STS and the other global services are recorded, in a region's partition.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
    """
    return next((where for prefix, where in _BY_PREFIX.items() if region.startswith(prefix)), "us-east-1")
