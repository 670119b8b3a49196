from typing import Any

import pytest

from trailbell.config.deployments import in_force


def deployment(number: int, version: int, state: str) -> dict[str, Any]:
    return {"DeploymentNumber": number, "ConfigurationVersion": str(version), "State": state}


@pytest.mark.parametrize(
    ("deployments", "live", "arriving"),
    [
        ([], None, None),
        ([deployment(1, 1, "COMPLETE")], 1, None),
        ([deployment(1, 1, "DEPLOYING")], None, 1),
        ([deployment(2, 5, "BAKING"), deployment(1, 4, "COMPLETE")], 4, 5),
        ([deployment(1, 4, "COMPLETE"), deployment(2, 5, "VALIDATING")], 4, 5),
        ([deployment(3, 4, "ROLLED_BACK"), deployment(2, 5, "COMPLETE")], 5, None),
        ([deployment(3, 4, "ROLLING_BACK"), deployment(2, 5, "COMPLETE")], 5, 4),
        ([deployment(3, 4, "REVERTED"), deployment(2, 5, "COMPLETE"), deployment(1, 1, "COMPLETE")], 5, None),
        ([deployment(10, 1, "COMPLETE"), deployment(9, 7, "COMPLETE")], 1, None),
    ],
)
def test_versions_in_force(deployments: list[dict[str, Any]], live: int | None, arriving: int | None) -> None:
    found = in_force(deployments)
    assert (found.live, found.arriving) == (live, arriving)
    assert found.versions == tuple(sorted({live, arriving} - {None}))  # type: ignore[type-var]
