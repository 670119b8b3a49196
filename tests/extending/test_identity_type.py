"""An identity type is one file and one line, as docs/extending.md adds one."""

from pathlib import Path

import pytest

from tests.extending.how_to import Extended

BY_ROBOTS = """
rules:
  - id: by-robots
    title: By a robot
    severity: low
    match: {eventName: [DeleteTrail], userIdentity: {type: [PipelineRobot]}}
    tests: []
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Extended:
    return Extended(tmp_path_factory.mktemp("extending") / "checkout")


def test_it_is_read_told_and_asked_for(extended: Extended, tmp_path: Path) -> None:
    config = tmp_path / "trailbell.yaml"
    config.write_text(BY_ROBOTS, encoding="utf-8")
    assert "userIdentity.type" in extended.trailbell("config", "validate", "-c", str(config)).stdout
    extended.add("src/trailbell/read/principal/types/pipeline_robot.py")
    assert "userIdentity.type" not in extended.trailbell("config", "validate", "-c", str(config)).stdout
    identity = {"type": "PipelineRobot", "userName": "r2", "accountId": "999988887777"}
    alert = extended.alert_on(eventSource="cloudtrail.amazonaws.com", eventName="DeleteTrail", userIdentity=identity)
    principal = alert["principal"]
    assert (principal["display"], principal["kind"]) == ("robot r2 of account 999988887777", "machine")
    assert "pipeline robot" in alert["text"]
