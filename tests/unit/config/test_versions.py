"""Versions of the config are hosted once, and not for ever."""

from typing import Any, cast

from tests.unit.app_config import FakeAppConfig, compiled
from trailbell.config.labels import config_version_of, free_label
from trailbell.config.versions import MOST_VERSIONS, HostedVersions


def host(client: FakeAppConfig, content: bytes, version: str, *in_force: int) -> int:
    versions = HostedVersions(client=cast("Any", client), application="app", profile="prof")
    return versions.host(content, config_version=version, description="d", in_force=in_force)


def test_equal_content_is_hosted_once() -> None:
    client = FakeAppConfig()
    assert [host(client, compiled(version), version) for version in ("a", "b", "a")] == [1, 2, 1]


def test_other_content_of_the_same_name_gets_a_label_of_its_own() -> None:
    client = FakeAppConfig()
    assert [host(client, content, "a") for content in (b"1", b"2", b"3", b"2")] == [1, 2, 3, 2]
    labels = [version["VersionLabel"] for version in client.versions.values()]
    assert labels == ["config-a", "config-a-2", "config-a-3"]
    assert {config_version_of(label) for label in labels} == {"a"}


def test_the_oldest_versions_go_before_there_are_too_many_but_none_in_force() -> None:
    client = FakeAppConfig()
    for number in range(1, MOST_VERSIONS + 4):
        host(client, compiled(str(number)), str(number), 1)
    assert len(client.versions) == MOST_VERSIONS + 1
    assert 1 in client.versions
    assert 2 not in client.versions


def test_a_label_that_is_not_ours_names_no_config() -> None:
    assert config_version_of("v1.2") is None
    assert config_version_of("") is None
    assert free_label("a", ["config-a-2"]) == "config-a"
