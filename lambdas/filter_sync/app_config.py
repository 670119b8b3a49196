"""What AppConfig has in force: versions by its deployments, rules by its hosted configuration."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trailbell.config.deployments import COMPLETE, InForce, in_force
from trailbell.config.hosted import read_hosted
from trailbell.errors import ConfigError
from trailbell.rule import Rule

if TYPE_CHECKING:
    from mypy_boto3_appconfig import AppConfigClient


class HostedConfigs:
    """The hosted configuration profile and its deployments."""

    def __init__(self, client: "AppConfigClient", *, application: str, environment: str, profile: str) -> None:
        self._client = client
        self._application = application
        self._environment = environment
        self._profile = profile

    def in_force(self) -> InForce:
        """Return the versions that a detector may run now."""
        return in_force(self._recent())

    def rules(self, version: int) -> tuple[Rule, ...]:
        """Return a version's rules. Raises ConfigError where it is no compiled config."""
        content = self._client.get_hosted_configuration_version(
            ApplicationId=self._application, ConfigurationProfileId=self._profile, VersionNumber=version
        )["Content"].read()
        try:
            return read_hosted(content).rules
        except ConfigError as error:
            raise ConfigError(f"version {version} of the config is broken: {error}") from error

    def _recent(self) -> Iterator[Any]:
        """Return the deployments, newest first as AppConfig lists them, up to the newest that was completed."""
        pages = self._client.get_paginator("list_deployments").paginate(
            ApplicationId=self._application, EnvironmentId=self._environment
        )
        for page in pages:
            yield from page["Items"]
            if any(item["State"] == COMPLETE for item in page["Items"]):
                return
