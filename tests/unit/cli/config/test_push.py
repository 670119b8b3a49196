"""`trailbell config push`: a config is made live, refused or taken back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.cli.config.fake_deployed import CONFIG, SECOND, FakeDeployed, trailbell
from trailbell.contract.places import Place
from trailbell.errors import ConfigError


def test_push_widens_the_filters_before_the_deployment_and_narrows_them_after(
    deployed: FakeDeployed, checkout: Path
) -> None:
    checkout.write_text(CONFIG + SECOND)
    deployed.watched_for = 3
    result = trailbell("push", "--yes", "-m", "queues")
    assert result.exit_code == 0, result.stderr
    assert deployed.log == ["widen 2", "deploy 2", "settle", "settle"]
    assert deployed.history[-1].description.startswith("queues (config ")
    assert "alice" in deployed.history[-1].description
    assert "is live, as version 2" in result.stderr
    assert "Nothing to push" in trailbell("push", "--yes").stderr


def test_push_asks_and_a_no_changes_nothing(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    assert trailbell("push", answer="n\n").exit_code == 1
    assert deployed.log == []
    assert trailbell("push", "--no-bake", answer="y\n").exit_code == 0
    assert deployed.log == ["widen 2", "deploy 2", "settle"]


def test_push_tells_when_the_version_was_taken_back(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    deployed.ends_as = "ROLLED_BACK"
    result = trailbell("push", "--yes")
    assert result.exit_code == 1
    assert "Version 2 was taken back (ROLLED_BACK): alarm ConfigRejected." in result.stderr
    assert deployed.log[-1] == "settle"


def test_a_push_over_a_broken_config_is_not_watched_by_the_alarm_that_it_raised(
    deployed: FakeDeployed, checkout: Path
) -> None:
    deployed.hosted[1] = b"{}"
    checkout.write_text(CONFIG + SECOND)
    result = trailbell("push", "--yes")
    assert result.exit_code == 0
    assert "What is live is broken" in result.stderr
    assert deployed.history[-1].state == "COMPLETE"


def test_filters_that_stay_wide_do_not_fail_a_push(
    deployed: FakeDeployed, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.write_text(CONFIG + SECOND)

    def fail() -> None:
        raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, "Invoke")

    monkeypatch.setattr(deployed, "settle_filters", fail)
    result = trailbell("push", "--yes", "--no-bake")
    assert result.exit_code == 0
    assert "Filters stay as they are until the next filter sync: " in result.stderr


def test_push_tells_which_region_refuses_and_goes_on(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    deployed.refusing = {Place(region="eu-west-1"): "AccessDenied"}
    result = trailbell("push", "--yes", "--no-bake")
    assert result.exit_code == 0
    assert "eu-west-1 refuses to change its filters" in result.stderr
    assert deployed.log == ["widen 2", "deploy 2", "settle"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("destinations: {email: [a@example.com]}\n", 'destinations.email is ["a@example.com"] here and [] in the'),
        ("deployment: {slots: 3}\n", "deployment.slots is 3 here and 5 in the deployment."),
    ],
)
def test_push_refuses_what_takes_a_cdk_deploy_and_names_it(
    deployed: FakeDeployed, checkout: Path, more: str, told: str
) -> None:
    checkout.write_text(CONFIG + SECOND + more)
    result = trailbell("push", "--yes")
    assert result.exit_code == 1
    assert told in result.stderr
    assert "cdk deploy --all" in result.stderr
    assert deployed.log == []


def test_push_says_what_the_validator_refuses(
    deployed: FakeDeployed, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.write_text(CONFIG + SECOND)

    def refuse(content: bytes) -> Mapping[str, Any]:
        raise ConfigError(f"rule queue: match: an older Trailbell does not know this ({len(content)} bytes)")

    monkeypatch.setattr(deployed, "validate", refuse)
    result = trailbell("push", "--yes")
    assert (result.exit_code, "Refused: rule queue: match: " in result.stderr) == (1, True)
    assert deployed.log == []


def test_a_push_waits_for_one_that_is_watched_or_says_so(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    assert trailbell("push", "--yes", "--no-wait").exit_code == 0
    deployed.watched_for = 2
    checkout.write_text(CONFIG)
    refused = trailbell("push", "--yes", "--no-wait")
    assert refused.exit_code == 1
    assert "Version 2 is being deployed or watched (BAKING)" in refused.stderr
    assert trailbell("push", "--yes", "--no-bake").exit_code == 0
    assert deployed.history[1].state == "COMPLETE"
    assert deployed.log[-3:] == ["widen 1", "deploy 1", "settle"], "the same content needs no version of its own"
