"""Labels of hosted configuration versions: they name the config that a version holds. Pure.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateHostedConfigurationVersion.html
"""

from collections.abc import Collection
from itertools import count

_PREFIX = "config-"


def config_version_of(label: str) -> str | None:
    """Return the config version that a label names; None where Trailbell did not write it."""
    return label.removeprefix(_PREFIX).partition("-")[0] if label.startswith(_PREFIX) else None


def free_label(config_version: str, taken: Collection[str]) -> str:
    """Return a label for a version that no other one has: nothing says that AppConfig takes one twice."""
    label = f"{_PREFIX}{config_version}"
    if label not in taken:
        return label
    return next(other for number in count(2) if (other := f"{label}-{number}") not in taken)
