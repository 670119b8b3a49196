"""`trailbell config history` and `rollback`: which config is live, and an earlier one live again."""

import json
from pathlib import Path

from tests.unit.cli.config.fake_deployed import CONFIG, SECOND, FakeDeployed, trailbell


def test_rollback_goes_back_to_what_was_live_before_and_forth_again(deployed: FakeDeployed, checkout: Path) -> None:
    assert "no earlier version" in trailbell("rollback", "--yes").stderr
    checkout.write_text(CONFIG + SECOND)
    trailbell("push", "--yes", "--no-bake")
    deployed.log.clear()
    result = trailbell("rollback", "--yes", "--format", "json")
    assert json.loads(result.stdout) == {"version": 1, "deployment": 3}
    assert deployed.log == ["widen 1", "deploy 1", "settle"]
    second = deployed.history[1].config_version
    assert second
    assert json.loads(trailbell("rollback", second, "--yes", "--format", "json").stdout)["version"] == 2
    assert json.loads(trailbell("rollback", "1", "--yes", "--format", "json").stdout)["version"] == 1
    unknown = trailbell("rollback", "77", "--yes")
    assert (unknown.exit_code, "77 was never deployed" in unknown.stderr) == (1, True)


def test_rollback_takes_back_what_is_being_watched(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    trailbell("push", "--yes", "--no-wait")
    deployed.log.clear()
    assert trailbell("rollback", "--yes").exit_code == 0
    assert deployed.log == ["take back 2", "settle"]


def test_history_tells_which_version_is_live(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    trailbell("push", "--yes", "--no-bake")
    text = trailbell("history").stdout
    assert [line.split()[0] for line in text.splitlines()] == ["Version", "2", "1"]
    assert [" live " in line for line in text.splitlines()] == [False, True, False]
    document = json.loads(trailbell("history", "--limit", "1", "--format", "json").stdout)
    assert [(each["version"], each["live"], each["config"]) for each in document] == [
        (2, True, deployed.history[-1].config_version)
    ]
