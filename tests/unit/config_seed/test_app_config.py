"""What the seed reads in AppConfig, and what it leaves when it may not clear it away."""

from typing import Any, cast

import pytest

from tests.unit.app_config import WHERE, FakeAppConfig, compiled
from trailbell.functions.config_seed.app_config import Hosted
from trailbell.functions.config_seed.seed import Deployment


def hosted(client: FakeAppConfig) -> Hosted:
    return Hosted(client=cast("Any", client), **WHERE)


def deploy(client: FakeAppConfig, version: str, strategy: str = "at-once") -> None:
    seed = hosted(client)
    number = seed.host(compiled(version), config_version=version, in_force=())
    assert seed.start(number, config_version=version, strategy=strategy)


def push(client: FakeAppConfig, version: str, strategy: str = "at-once") -> None:
    number = hosted(client).host(compiled(version), config_version=version, in_force=())
    client.start_deployment(
        ConfigurationVersion=str(number),
        DeploymentStrategyId=strategy,
        Description=f"by cdk deploy (config {version}, by arn:aws:iam::111122223333:user/alice)",
    )


def test_nothing_stands_before_the_first_deployment() -> None:
    standing = hosted(FakeAppConfig()).standing()
    assert (standing.live, standing.arriving, standing.versions) == (None, None, ())


def test_its_own_deployments_are_told_from_pushed_ones_whatever_a_pushs_message_says() -> None:
    client = FakeAppConfig()
    deploy(client, "own")
    push(client, "pushed", "watched")
    standing = hosted(client).standing()
    assert standing.live == Deployment(number=1, version=1, config_version="own", own=True)
    assert standing.arriving == Deployment(number=2, version=2, config_version="pushed", own=False)


def test_a_config_that_cannot_be_read_has_no_version() -> None:
    client = FakeAppConfig()
    deploy(client, "own")
    client.versions[1]["Content"] = b"{}"
    standing = hosted(client).standing()
    assert standing.live is not None
    assert standing.live.config_version == ""
    client.versions.clear()
    assert hosted(client).standing() == standing


def test_the_same_config_again_needs_no_version_of_its_own() -> None:
    client = FakeAppConfig()
    for version in ("a", "b", "a"):
        deploy(client, version)
    assert sorted(client.versions) == [1, 2]
    assert client.deployments[-1]["ConfigurationVersion"] == "1"


def test_a_deployment_beside_another_one_is_not_started() -> None:
    client = FakeAppConfig()
    push(client, "pushed", "watched")
    assert not hosted(client).start(1, config_version="own", strategy="at-once")


def test_a_deployment_that_is_only_watched_any_more_can_be_taken_back() -> None:
    client = FakeAppConfig()
    deploy(client, "own", "watched")
    hosted(client).take_back(1)
    assert hosted(client).standing().arriving is None


def test_clearing_stops_what_is_being_deployed_and_deletes_every_version() -> None:
    client = FakeAppConfig()
    deploy(client, "a")
    push(client, "b", "watched")
    assert hosted(client).clear() == ()
    assert client.versions == {}
    assert client.deployments[-1]["State"] == "ROLLED_BACK"


@pytest.mark.parametrize("denied", ["ListDeployments", "StopDeployment"])
def test_a_deployment_that_may_not_be_stopped_does_not_keep_versions_from_being_deleted(denied: str) -> None:
    client = FakeAppConfig(denied=[denied])
    push(client, "a", "watched")
    (left,) = hosted(client).clear()
    assert left.startswith("deployments of environment env (")
    assert denied in left
    assert client.versions == {}


@pytest.mark.parametrize(
    ("denied", "which"),
    [("ListHostedConfigurationVersions", ["all"]), ("DeleteHostedConfigurationVersion", ["1", "2"])],
)
def test_versions_that_may_not_be_deleted_are_told_with_how_to_delete_them(denied: str, which: list[str]) -> None:
    client = FakeAppConfig()
    push(client, "a")
    push(client, "b")
    client.denied = [denied]
    left = hosted(client).clear()
    assert [text.split()[2] for text in left] == which
    assert all(denied in text and "aws appconfig delete-hosted-configuration-version" in text for text in left)


def test_where_nothing_was_ever_made_nothing_is_left() -> None:
    assert hosted(FakeAppConfig(missing=True)).clear() == ()
