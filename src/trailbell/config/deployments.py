"""Which versions of the config are in force, by what AppConfig tells of its deployments. Pure: it calls nothing.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_DeploymentSummary.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

IN_PROGRESS = frozenset({"VALIDATING", "DEPLOYING", "BAKING", "ROLLING_BACK"})
"""States in which some detectors may have the version, or may still get it."""
COMPLETE = "COMPLETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Numbers of hosted configuration versions."""

    live: int | None
    """What a detector gets that no deployment in progress has reached; None before the first deployment is complete."""
    arriving: int | None
    """What is being deployed, or taken back."""

    @property
    def versions(self) -> tuple[int, ...]:
        """Return every version that a detector may run now."""
        return tuple(sorted({version for version in (self.live, self.arriving) if version is not None}))


def in_force(deployments: Iterable[Mapping[str, Any]]) -> InForce:
    """Read AppConfig's deployment summaries, in any order.

    A deployment that was rolled back or reverted leaves the one before it in force.
    """
    newest_first = sorted(deployments, key=lambda each: int(each["DeploymentNumber"]), reverse=True)
    arriving = next((each for each in newest_first if each["State"] in IN_PROGRESS), None)
    live = next((each for each in newest_first if each["State"] == COMPLETE), None)
    return InForce(
        live=int(live["ConfigurationVersion"]) if live else None,
        arriving=int(arriving["ConfigurationVersion"]) if arriving else None,
    )
